// One ring buffer and its producer, which bench/c/produce.c runs with BPF_PROG_TEST_RUN from a process of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "event.h"

char LICENSE[] SEC("license") = "GPL";

// Keeps the type in the BTF: no map mentions it.
const struct event *unused_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} events SEC(".maps");

struct run {
	__u64 kind;
	__u32 cpu;
	__u32 dropped;
};

static long emit(__u32 index, struct run *run)
{
	struct event event = { .pid = index, .cpu = run->cpu, .comm = "worker-00", .a = index, .b = run->kind };

	event.comm[7] += index >> 3 & 7;
	event.comm[8] += index & 7;
	event.addr[15] = index;
	event.ts = run->kind == STAMPED ? bpf_ktime_get_tai_ns() : index;
	if (bpf_ringbuf_output(&events, &event, sizeof(event), 0))
		run->dropped++;
	return 0;
}

// Returns how many records the ring had no room for.
SEC("syscall")
int produce(struct request *request)
{
	struct run run = { .kind = request->kind, .cpu = bpf_get_smp_processor_id() };

	bpf_loop(request->records, emit, &run, 0);
	return run.dropped;
}
