// Maps with structs as keys and values, as tools have them: 10,000 and a million entries, one with a value for each CPU, and globals.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct key {
	__u32 pid;
	__u32 cpu;
};

struct value {
	__u64 count;
	__u64 bytes;
	__u32 last;
	__u32 flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct key);
	__type(value, struct value);
	__uint(max_entries, 10000);
} small SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct key);
	__type(value, struct value);
	__uint(max_entries, 1 << 20);
} large SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, struct key);
	__type(value, __u64);
	__uint(max_entries, 10000);
} percpu SEC(".maps");

__u32 knob = 1;

// Libraries take no object without a program, and no global that nobody reads.
SEC("syscall")
int read_knob(void *ctx)
{
	return knob;
}
