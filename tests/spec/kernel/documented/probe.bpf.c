// Of the kernel's types only what is read.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct qstr {
	const unsigned char *name;
} __attribute__((preserve_access_index));

struct dentry {
	struct qstr d_name;
} __attribute__((preserve_access_index));

struct deletion {
	__u32 pid;
	char program[16];
	char file[64];
};

const struct deletion *unused_deletion __attribute__((unused)); // keeps the type

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} deletions SEC(".maps");

SEC("fentry/security_inode_unlink")
int BPF_PROG(on_unlink, void *folder, struct dentry *file)
{
	struct deletion *deletion = bpf_ringbuf_reserve(&deletions, sizeof(*deletion), 0);

	if (!deletion)
		return 0;
	deletion->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(deletion->program, sizeof(deletion->program));
	bpf_probe_read_kernel_str(deletion->file, sizeof(deletion->file), file->d_name.name);
	bpf_ringbuf_submit(deletion, 0);
	return 0;
}
