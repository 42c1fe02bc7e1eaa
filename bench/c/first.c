// first OBJECT: from nothing to the first event of a tracepoint, with libbpf.
#include <linux/types.h>

#include "peer.h"

struct event {
	__u32 pid;
	char comm[16];
};

static int on_record(void *ctx, void *data, size_t size)
{
	const struct event *event = data;

	printf("%u %s\n", event->pid, event->comm);
	return -1;
}

int main(int argc, char **argv)
{
	struct bpf_object *object = load(argv[1]);
	struct ring_buffer *ring = ring_buffer__new(map_fd(object, "events"), on_record, NULL, NULL);

	if (!ring || !bpf_program__attach(bpf_object__find_program_by_name(object, "on_syscall")))
		die("cannot attach");
	while (ring_buffer__poll(ring, -1) >= 0)
		;
	return 0;
}
