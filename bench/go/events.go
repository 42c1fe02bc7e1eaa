package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
	"golang.org/x/sys/unix"
)

type event struct {
	Ts   uint64
	Pid  uint32
	Cpu  uint32
	Comm [16]byte
	Addr [16]byte
	A    uint64
	B    uint64
}

const (
	stamped = 1
	last    = 2
)

// What the library's own examples do.
func decodeByReflection(sample []byte, event *event) error {
	return binary.Read(bytes.NewReader(sample), binary.NativeEndian, event)
}

// The fastest there is: the record's bytes are the struct.
func decodeInPlace(sample []byte, into *event) error {
	*into = *(*event)(unsafe.Pointer(&sample[0]))
	return nil
}

// Stands for what a tool does with a record.
var sum uint64

func events(coll *ebpf.Collection, decode func([]byte, *event) error) {
	reader, err := ringbuf.NewReader(coll.Maps["events"])
	must(err)
	fmt.Println("ready")
	var record ringbuf.Record
	var event event
	var delivered int
	var begin time.Time
	var latencies []int64
	for {
		must(reader.ReadInto(&record))
		must(decode(record.RawSample, &event))
		if event.B == last {
			break
		}
		if delivered == 0 {
			begin = time.Now()
		}
		delivered++
		sum += event.Ts + uint64(event.Pid) + uint64(event.Cpu) + event.A + event.B
		for i := range event.Comm {
			sum += uint64(event.Comm[i]) + uint64(event.Addr[i])
		}
		if event.B == stamped {
			var now unix.Timespec
			must(unix.ClockGettime(unix.CLOCK_TAI, &now))
			latencies = append(latencies, now.Nano()-int64(event.Ts))
		}
	}
	fmt.Printf("delivered %d\nelapsed_ns %d\n", delivered, time.Since(begin).Nanoseconds())
	if len(latencies) > 0 {
		slices.Sort(latencies)
		fmt.Printf("p50_ns %d\np99_ns %d\n", latencies[len(latencies)/2], latencies[len(latencies)*99/100])
	}
}

func first(coll *ebpf.Collection) {
	reader, err := ringbuf.NewReader(coll.Maps["events"])
	must(err)
	_, err = link.Tracepoint("raw_syscalls", "sys_enter", coll.Programs["on_syscall"], nil)
	must(err)
	record, err := reader.Read()
	must(err)
	var event struct {
		Pid  uint32
		Comm [16]byte
	}
	must(binary.Read(bytes.NewReader(record.RawSample), binary.NativeEndian, &event))
	fmt.Println(event.Pid, unix.ByteSliceToString(event.Comm[:]))
}
