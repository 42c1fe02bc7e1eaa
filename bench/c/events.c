// events OBJECT: the ring buffer with libbpf, every field of each record read.
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

#include "peer.h"
#include "../bpf/event.h"

// Stands for what a tool does with a record, so that the compiler cannot leave the reading out.
static volatile uint64_t sum;
static unsigned long long delivered, first, last;
static unsigned int *latencies;
static size_t stamped;

static int on_record(void *ctx, void *data, size_t size)
{
	const struct event *event = data;
	uint64_t words[4];

	if (event->b == LAST) {
		last = now(CLOCK_MONOTONIC);
		return 0;
	}
	if (delivered++ == 0)
		first = now(CLOCK_MONOTONIC);
	memcpy(words, event->comm, sizeof(words));
	sum += event->ts + event->pid + event->cpu + words[0] + words[1] + words[2] + words[3] + event->a + event->b;
	if (event->b == STAMPED) {
		if (!(stamped & (stamped + 1)))
			latencies = realloc(latencies, 2 * (stamped + 1) * sizeof(*latencies));
		latencies[stamped++] = now(CLOCK_TAI) - event->ts;
	}
	return 0;
}

static int ascending(const void *a, const void *b)
{
	unsigned int left = *(const unsigned int *)a, right = *(const unsigned int *)b;

	return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
	struct bpf_object *object = load(argv[1]);
	struct ring_buffer *ring = ring_buffer__new(map_fd(object, "events"), on_record, NULL, NULL);

	if (!ring)
		die("cannot read the ring buffer");
	printf("ready\n");
	fflush(stdout);
	while (!last)
		ring_buffer__poll(ring, -1);
	printf("delivered %llu\nelapsed_ns %llu\n", delivered, last - first);
	if (stamped) {
		qsort(latencies, stamped, sizeof(*latencies), ascending);
		printf("p50_ns %u\np99_ns %u\n", latencies[stamped / 2], latencies[stamped * 99 / 100]);
	}
	return 0;
}
