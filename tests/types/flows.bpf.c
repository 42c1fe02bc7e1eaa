// An object with a map of every kind that scripts type, and every kind of member: what the programs beside it are checked against.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

enum verdict { PASS, DROP, REDIRECT };
enum wide { TOP = 1ULL << 40 };

struct flow_key {
	__u32 saddr;
	__u32 daddr;
	__u16 port;
	__u8 protocol;
};

union address {
	__u32 v4;
	__u8 v6[16];
};

struct flow {
	__u64 bytes;
	__u32 packets;
	enum verdict verdict;
	union address peer;
	struct flow *next;
	_Bool open;
	char comm[16];
};

struct event {
	__u64 ts;
	__u32 pid;
	char comm[16];
	__u8 mac[6];
	__u16 flags : 3;
	__u16 dscp : 6;
	struct {
		__s32 x;
		__s32 y;
	} at;
	union {
		__u32 code;
		__u64 cookie;
	};
	__s16 history[2][3];
	enum wide wide;
	unsigned __int128 id;
	const struct flow_key key;
};

struct config {
	__u32 sample_rate;
	_Bool enabled;
};

struct trie_key {
	__u32 prefixlen;
	__u8 data[4];
};

struct net_key {
	__u32 prefixlen;
	__be32 addr;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct flow_key);
	__type(value, struct flow);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} recent SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct config);
} configs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct trie_key);
	__type(value, __u32);
} routes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct net_key);
	__type(value, __u32);
} nets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 64);
	__type(value, struct config);
} changes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 64);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} inner_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} tables SEC(".maps") = { .values = { &inner_map } };

volatile const __u32 target_pid = 7;
volatile const char greeting[12] = "hi \x1b[31m";
__u64 total;
// Keeps the type of the records in the object.
struct event *sample;
struct config current = { .sample_rate = 10, .enabled = 1 };
enum verdict verdicts[3] = { PASS, DROP, REDIRECT };

static __noinline void count(__u32 pid)
{
	__u64 one = 1, *seen = bpf_map_lookup_elem(&recent, &pid);

	if (seen)
		__sync_fetch_and_add(seen, 1);
	else
		bpf_map_update_elem(&recent, &pid, &one, BPF_ANY);
}

SEC("raw_tracepoint/sched_process_exec")
int on_exec(void *ctx)
{
	struct event *event;
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (target_pid && pid != target_pid)
		return 0;
	count(pid);
	__sync_fetch_and_add(&total, 1);
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	__builtin_memset(event, 0, sizeof(*event));
	event->ts = bpf_ktime_get_ns();
	event->pid = pid;
	event->code = verdicts[pid % 3] + current.sample_rate;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("uprobe")
int on_call(void *ctx)
{
	return greeting[0];
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	return XDP_PASS;
}

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_unheard_of(void) __ksym __weak;

SEC("?perf_event")
int on_tick(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	bpf_unheard_of();
	return 0;
}
