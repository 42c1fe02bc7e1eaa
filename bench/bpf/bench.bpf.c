// What the benchmarks of yeet:bpf need: a large hash, a global, and a producer that a script controls. Every bpf(2) call of a yeet process
// makes `on_bpf` run, which emits as many records as `burst` says and sets it to 0 again.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define SYS_BPF 321

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u64 ts;
	__u32 pid;
	__u32 cpu;
	char comm[16];
	__u8 addr[16];
	__u64 a;
	__u64 b;
};

// Keeps the type in the BTF: no map mentions it.
const struct event *unused_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 20000);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23);
} events SEC(".maps");

__u32 burst;
__u32 knob;
__u64 dropped;

static long emit(__u32 index, void *ctx)
{
	struct event event = { .ts = index, .pid = 1, .cpu = 2, .comm = "benchmark", .a = index, .b = 3 };

	if (bpf_ringbuf_output(&events, &event, sizeof(event), 0))
		dropped++;
	return 0;
}

SEC("raw_tp/sys_enter")
int on_bpf(struct bpf_raw_tracepoint_args *ctx)
{
	char comm[16] = {};
	__u32 count = burst;

	if (count == 0 || ctx->args[1] != SYS_BPF)
		return 0;
	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'y' || comm[1] != 'e' || comm[2] != 'e' || comm[3] != 't')
		return 0;
	burst = 0;
	bpf_loop(count, emit, 0, 0);
	return 0;
}
