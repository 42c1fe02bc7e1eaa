// produce flat SECONDS | paced RECORDS_PER_SECOND SECONDS [stamped]
//
// Runs the newest program called `produce`, which a consumer has loaded, with BPF_PROG_TEST_RUN: flat out, or at a steady rate. At the end
// it emits one more record, the last, again and again until the ring takes it, and prints how many it offered and how many the ring refused.
#include <string.h>
#include <linux/types.h>

#include "peer.h"
#include "../bpf/event.h"

#define BATCH 1024
#define TICK_NS 100000

static int newest(const char *name)
{
	__u32 id = 0;
	int found = -1;

	while (!bpf_prog_get_next_id(id, &id)) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size) && !strcmp(info.name, name))
			found = fd;
	}
	if (found < 0)
		die("no program is called %s", name);
	return found;
}

static unsigned int run(int program, __u64 records, __u64 kind)
{
	// A raw tracepoint has as many words of context as its largest event has.
	__u64 context[12] = { records, kind };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = context, .ctx_size_in = sizeof(struct request));

	if (bpf_prog_test_run_opts(program, &opts))
		die("BPF_PROG_TEST_RUN failed");
	return opts.retval;
}

int main(int argc, char **argv)
{
	int paced = argc > 3 && !strcmp(argv[1], "paced");
	unsigned long long rate = paced ? atoll(argv[2]) : 0;
	unsigned long long length = argc > 2 ? atof(argv[paced ? 3 : 2]) * 1e9 : 0;
	__u64 kind = argc > 4 ? STAMPED : NUMBERED;
	unsigned long long offered = 0, dropped = 0, start, at;
	int program = newest("produce");

	start = now(CLOCK_MONOTONIC);
	for (at = start; at < start + length; at = now(CLOCK_MONOTONIC)) {
		unsigned long long due = paced ? (at - start + TICK_NS) / 1000 * rate / 1000000 - offered : BATCH;

		while (due > 0) {
			unsigned long long records = due < BATCH ? due : BATCH;

			dropped += run(program, records, kind);
			offered += records;
			due -= records;
		}
		if (paced) {
			struct timespec tick = { .tv_nsec = TICK_NS };

			nanosleep(&tick, NULL);
		}
	}
	printf("offered %llu\nrefused %llu\nelapsed_ns %llu\n", offered, dropped, now(CLOCK_MONOTONIC) - start);
	while (run(program, 1, LAST)) {
		struct timespec moment = { .tv_nsec = 1000000 };

		nanosleep(&moment, NULL);
	}
	return 0;
}
