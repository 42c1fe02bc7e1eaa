// Counts opened files by the name of the program that opens them.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct program {
	char comm[16];
};

struct opens {
	__u64 count;
	__u32 last_pid;
	char last_path[100];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct program);
	__type(value, struct opens);
} programs SEC(".maps");

// A new entry starts from this: it is too large for the stack of a BPF program beside the rest.
static const struct opens none;

// The layout that the kernel publishes under events/syscalls/sys_enter_openat/format.
struct enter_openat {
	__u64 common;
	__s64 nr;
	__s64 dfd;
	const char *filename;
	__u64 flags;
	__u64 mode;
};

SEC("tracepoint/syscalls/sys_enter_openat")
int on_openat(struct enter_openat *ctx)
{
	struct program key = {};
	struct opens *opens;

	bpf_get_current_comm(key.comm, sizeof(key.comm));
	opens = bpf_map_lookup_elem(&programs, &key);
	if (!opens) {
		bpf_map_update_elem(&programs, &key, &none, BPF_NOEXIST);
		opens = bpf_map_lookup_elem(&programs, &key);
		if (!opens)
			return 0;
	}
	__sync_fetch_and_add(&opens->count, 1);
	opens->last_pid = bpf_get_current_pid_tgid() >> 32;
	bpf_probe_read_user_str(opens->last_path, sizeof(opens->last_path), ctx->filename);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
