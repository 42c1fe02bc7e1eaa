// A probe for functions in user space, attached by who loads it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("uprobe")
int on_call(void *ctx)
{
	return 0;
}
