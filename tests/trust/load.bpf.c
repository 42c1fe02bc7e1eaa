// Numbered records of 64 bytes. bench/c/produce.c runs the program with BPF_PROG_TEST_RUN from a process of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "../../bench/bpf/event.h"

char LICENSE[] SEC("license") = "GPL";

// Keeps the type in the BTF: no map mentions it.
const struct event *unused_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} events SEC(".maps");

// One producer runs at a time, so these need no atomics.
__u64 offered; // records so far, hence the number of the next one
__u64 refused; // those of them that the ring had no room for

struct run {
	__u64 kind;
	__u32 refused;
};

static long emit(__u32 index, struct run *run)
{
	struct event event = { .comm = "numbered", .b = run->kind };

	if (run->kind != LAST) {
		event.ts = offered++;
		// What a reader can check each record by.
		event.a = event.ts * 0x9e3779b97f4a7c15ULL;
		event.pid = event.ts;
	}
	if (bpf_ringbuf_output(&events, &event, sizeof(event), 0)) {
		run->refused++;
		if (run->kind != LAST)
			refused++;
	}
	return 0;
}

// Returns how many records the ring had no room for.
SEC("syscall")
int produce(struct request *request)
{
	struct run run = { .kind = request->kind };

	bpf_loop(request->records, emit, &run, 0);
	return run.refused;
}
