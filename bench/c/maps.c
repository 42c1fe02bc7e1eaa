// maps OBJECT: each map call with libbpf; prints nanoseconds per call or per entry.
#include <linux/types.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"

#define SMALL 10000
#define LARGE 1000000
#define PAGE 4096
#define CALLS 100000

struct key {
	__u32 pid;
	__u32 cpu;
};

struct value {
	__u64 count;
	__u64 bytes;
	__u32 last;
	__u32 flags;
};

static struct key keys[LARGE];
static struct value values[LARGE];
static volatile __u64 sum;

static unsigned long long began;

static void begin(void)
{
	began = now(CLOCK_MONOTONIC);
}

static void end(const char *name, unsigned long count)
{
	printf("%s %.1f\n", name, (double)(now(CLOCK_MONOTONIC) - began) / count);
}

static void fill(int map, __u32 count)
{
	if (bpf_map_update_batch(map, keys, values, &count, NULL))
		die("cannot fill a map");
}

static void walk(int map, size_t size, const char *name)
{
	static struct key page_keys[PAGE];
	static char page[PAGE * 1024];
	__u64 cursor, found = 0;
	void *in = NULL;

	begin();
	for (int failed = 0; !failed; in = &cursor) {
		__u32 count = PAGE;

		failed = bpf_map_lookup_batch(map, in, &cursor, page_keys, page, &count, NULL);
		for (__u32 i = 0; i < count; i++)
			for (size_t at = 0; at < size; at += sizeof(__u64))
				sum += page_keys[i].pid + *(__u64 *)(page + i * size + at);
		found += count;
	}
	end(name, found);
}

int main(int argc, char **argv)
{
	struct bpf_object *object = load(argv[1]);
	int small = map_fd(object, "small"), large = map_fd(object, "large"), percpu = map_fd(object, "percpu");
	int cpus = libbpf_num_possible_cpus();
	__u64 per_cpu[cpus];
	volatile __u32 *knob;

	for (int i = 0; i < LARGE; i++) {
		keys[i] = (struct key){ i, i & 3 };
		values[i] = (struct value){ i, 2 * i, 3, 4 };
	}
	fill(small, SMALL);
	fill(large, LARGE);
	for (int i = 0; i < cpus; i++)
		per_cpu[i] = i;
	for (int i = 0; i < SMALL; i++)
		bpf_map_update_elem(percpu, &keys[i], per_cpu, 0);

	begin();
	for (int i = 0; i < CALLS; i++) {
		struct value value;

		bpf_map_lookup_elem(small, &keys[i % SMALL], &value);
		sum += value.count;
	}
	end("lookup", CALLS);
	begin();
	for (int i = 0; i < CALLS; i++)
		bpf_map_update_elem(small, &keys[i % SMALL], &values[i], 0);
	end("update", CALLS);
	walk(small, sizeof(struct value), "entries_10k");
	walk(large, sizeof(struct value), "entries_1m");
	begin();
	fill(large, CALLS);
	end("update_batch_100k", CALLS);
	walk(percpu, cpus * sizeof(__u64), "percpu_10k");

	knob = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd(object, ".data"), 0);
	if (knob == MAP_FAILED)
		die("cannot map .data");
	begin();
	for (int i = 0; i < CALLS; i++)
		sum += *knob;
	end("global_read", CALLS);
	begin();
	for (int i = 0; i < CALLS; i++)
		*knob = i;
	end("global_patch", CALLS);
	return 0;
}
