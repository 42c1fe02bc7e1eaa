// clang: -D__TARGET_ARCH_x86
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct deletion {
	__u32 pid;
	char program[16];
	char path[256];
};

const struct deletion *unused_deletion __attribute__((unused)); // keeps the type

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} deletions SEC(".maps");

SEC("ksyscall/unlinkat")
int BPF_KSYSCALL(on_unlinkat, int dir, const char *path)
{
	struct deletion *deletion = bpf_ringbuf_reserve(&deletions, sizeof(*deletion), 0);

	if (!deletion)
		return 0;
	deletion->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(deletion->program, sizeof(deletion->program));
	bpf_probe_read_user_str(deletion->path, sizeof(deletion->path), path);
	bpf_ringbuf_submit(deletion, 0);
	return 0;
}
