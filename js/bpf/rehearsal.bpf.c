// What js/bpf/rehearsal.ts starts while the snapshot is made: maps, a section and a record as scripts mostly have them. It is never loaded.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u64 ts;
	__u32 pid;
	__s32 code;
	char comm[16];
	__u8 address[4];
};

struct key {
	__u32 pid;
	__u32 cpu;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct key);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

const struct event *unused __attribute__((unused));

const volatile __u32 target_pid;

SEC("tracepoint/sched/sched_process_exec")
int on_exec(void *ctx)
{
	return target_pid;
}
