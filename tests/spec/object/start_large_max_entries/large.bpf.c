// Sizes of maps that no value has: clang writes each as a pointer to an array of that many numbers.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 100000000);
	__type(key, int);
	__type(value, int);
} large SEC(".maps");

SEC("raw_tp/sys_enter")
int nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
