// clang: none
// COUNT ring buffers, with RINGS, or COUNT hash maps: the benchmark compiles it for each size that it measures.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#ifdef RINGS
#define ONE(n)                                                                                                         \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                                    \
		__uint(max_entries, 4096);                                                                             \
	} map_##n SEC(".maps");
#else
#define ONE(n)                                                                                                         \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_HASH);                                                                       \
		__type(key, __u32);                                                                                    \
		__type(value, __u32);                                                                                  \
		__uint(max_entries, 1);                                                                                \
	} map_##n SEC(".maps");
#endif
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define HUNDRED(n) TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)
#define THOUSAND                                                                                                       \
	HUNDRED(0) HUNDRED(1) HUNDRED(2) HUNDRED(3) HUNDRED(4) HUNDRED(5) HUNDRED(6) HUNDRED(7) HUNDRED(8) HUNDRED(9)

#if COUNT == 1
ONE(0)
#elif COUNT == 10
TEN()
#elif COUNT == 100
HUNDRED()
#else
THOUSAND
#endif

SEC("syscall")
int nothing(void *ctx)
{
	return 0;
}
