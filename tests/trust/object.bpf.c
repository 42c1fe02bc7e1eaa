// An object as scripts have them, to be started and stopped many times: ten maps and five programs on events that hardly ever happen.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u64 number;
};

const struct event *unused_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

#define TABLE(name)                                                                                                    \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_HASH);                                                                       \
		__type(key, __u32);                                                                                    \
		__type(value, __u64);                                                                                  \
		__uint(max_entries, 256);                                                                              \
	} name SEC(".maps");

TABLE(table_0)
TABLE(table_1)
TABLE(table_2)
TABLE(table_3)
TABLE(table_4)
TABLE(table_5)
TABLE(table_6)
TABLE(table_7)

__u64 seen;

static __always_inline int count(void *map)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(map, &key);

	seen++;
	if (value)
		__sync_fetch_and_add(value, 1);
	return 0;
}

// Raw tracepoints have links of their own, without a perf event.
SEC("raw_tp/oom_score_adj_update")
int on_score(void *ctx)
{
	return count(&table_0);
}

SEC("raw_tp/mark_victim")
int on_victim(void *ctx)
{
	return count(&table_1);
}

SEC("raw_tp/finish_task_reaping")
int on_reaped(void *ctx)
{
	return count(&table_2);
}

SEC("raw_tp/wake_reaper")
int on_reaper(void *ctx)
{
	return count(&table_3) + count(&table_4) + count(&table_5) + count(&table_6) + count(&table_7);
}

// A tracepoint by the way of a perf event; only where a script names it.
SEC("?tracepoint/oom/oom_score_adj_update")
int on_perf_event(void *ctx)
{
	return count(&table_0);
}

SEC("syscall")
int emit(struct event *request)
{
	struct event event = { .number = request->number };

	return bpf_ringbuf_output(&events, &event, sizeof(event), 0);
}
