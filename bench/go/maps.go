package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/cilium/ebpf"
)

type key struct {
	Pid uint32
	Cpu uint32
}

type value struct {
	Count uint64
	Bytes uint64
	Last  uint32
	Flags uint32
}

const (
	small = 10_000
	large = 1_000_000
	page  = 4096
	calls = 100_000
)

func measure(name string, count int, work func()) {
	begin := time.Now()
	work()
	fmt.Printf("%s %.1f\n", name, float64(time.Since(begin).Nanoseconds())/float64(count))
}

func maps(coll *ebpf.Collection) {
	keys := make([]key, large)
	values := make([]value, large)
	for i := range keys {
		keys[i] = key{uint32(i), uint32(i & 3)}
		values[i] = value{uint64(i), uint64(2 * i), 3, 4}
	}
	fill := func(name string, count int) {
		_, err := coll.Maps[name].BatchUpdate(keys[:count], values[:count], nil)
		must(err)
	}
	fill("small", small)
	fill("large", large)
	perCPU := make([]uint64, ebpf.MustPossibleCPU())
	for i := range small {
		must(coll.Maps["percpu"].Put(&keys[i], perCPU))
	}

	one := coll.Maps["small"]
	measure("lookup", calls, func() {
		for i := range calls {
			var found value
			must(one.Lookup(&keys[i%small], &found))
			sum += found.Count
		}
	})
	measure("update", calls, func() {
		for i := range calls {
			must(one.Update(&keys[i%small], &values[i], ebpf.UpdateAny))
		}
	})
	measure("entries_10k", small, func() { walk(one) })
	measure("entries_1m", large, func() { walk(coll.Maps["large"]) })
	measure("update_batch_100k", calls, func() { fill("large", calls) })
	measure("percpu_10k", small, func() { walkPerCPU(coll.Maps["percpu"], len(perCPU)) })

	knob := coll.Variables["knob"]
	measure("global_read", calls, func() {
		for range calls {
			var got uint32
			must(knob.Get(&got))
			sum += uint64(got)
		}
	})
	measure("global_patch", calls, func() {
		for i := range calls {
			must(knob.Set(uint32(i)))
		}
	})
}

// The batch API, which is several times faster than Iterate.
func walk(from *ebpf.Map) {
	keys := make([]key, page)
	values := make([]value, page)
	var cursor ebpf.MapBatchCursor
	for {
		count, err := from.BatchLookup(&cursor, keys, values, nil)
		for i := range count {
			sum += uint64(keys[i].Pid) + values[i].Count + values[i].Bytes
		}
		if errors.Is(err, ebpf.ErrKeyNotExist) {
			return
		}
		must(err)
	}
}

func walkPerCPU(from *ebpf.Map, cpus int) {
	keys := make([]key, page)
	values := make([]uint64, page*cpus)
	var cursor ebpf.MapBatchCursor
	for {
		count, err := from.BatchLookup(&cursor, keys, values, nil)
		for _, value := range values[:count*cpus] {
			sum += value
		}
		if errors.Is(err, ebpf.ErrKeyNotExist) {
			return
		}
		must(err)
	}
}
