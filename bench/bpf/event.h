// The record of the benchmarks, 64 bytes, and what a producer is asked for. Every peer reads this very layout.
#pragma once

struct event {
	__u64 ts;
	__u32 pid;
	__u32 cpu;
	char comm[16];
	__u8 addr[16];
	__u64 a;
	__u64 b;
};

// What `b` of a record says.
enum kind {
	// `ts` is the record's number.
	NUMBERED,
	// `ts` is the time of day (CLOCK_TAI) right before the record was committed.
	STAMPED,
	// The last record of a run.
	LAST,
};

// The context of the program `produce`: 64-bit words, as a raw tracepoint has them too.
struct request {
	// At most 1,024.
	__u64 records;
	__u64 kind;
};
