"""What somebody writes with BCC for the same work: peer.py first|events|maps|maps-batch. The C is BCC's own dialect, compiled at start."""

import sys
import time

from bcc import BPF

# The bounded loop stands for bpf_loop, which BCC's compiler cannot call: it knows no callbacks. A raw tracepoint takes the place of
# SEC("syscall"), which BCC cannot load; BPF_PROG_TEST_RUN gives both the same context and result.
EVENTS = """
struct event { u64 ts; u32 pid; u32 cpu; char comm[16]; u8 addr[16]; u64 a; u64 b; };
BPF_RINGBUF_OUTPUT(events, 1024);

int produce(struct bpf_raw_tracepoint_args *ctx)
{
    u64 records = ctx->args[0], kind = ctx->args[1];
    u32 dropped = 0;
    struct event event = { .cpu = bpf_get_smp_processor_id(), .comm = "worker-00", .b = kind };

    for (u32 i = 0; i < 1024 && i < records; i++) {
        event.pid = event.a = i;
        event.comm[7] = '0' + (i >> 3 & 7);
        event.comm[8] = '0' + (i & 7);
        event.addr[15] = i;
        event.ts = kind == 1 ? bpf_ktime_get_tai_ns() : i;
        if (events.ringbuf_output(&event, sizeof(event), 0))
            dropped++;
    }
    return dropped;
}
"""

FIRST = """
struct event { u32 pid; char comm[16]; };
BPF_RINGBUF_OUTPUT(events, 1);
BPF_ARRAY(done, u32, 1);

TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
    struct event event = {};
    u32 zero = 0, *is_done = done.lookup(&zero);

    if (!is_done || *is_done)
        return 0;
    *is_done = 1;
    event.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(event.comm, sizeof(event.comm));
    events.ringbuf_output(&event, sizeof(event), 0);
    return 0;
}
"""

MAPS = """
struct key { u32 pid; u32 cpu; };
struct value { u64 count; u64 bytes; u32 last; u32 flags; };
BPF_HASH(small, struct key, struct value, 10000);
BPF_HASH(large, struct key, struct value, 1048576);
BPF_PERCPU_HASH(percpu, struct key, u64, 10000);
"""

STAMPED = 1
LAST = 2
SMALL = 10_000
LARGE = 1_000_000
CALLS = 100_000


def events():
    bpf = BPF(text=EVENTS)
    bpf.load_func("produce", BPF.RAW_TRACEPOINT)
    delivered = total = begin = end = 0
    latencies = []

    def on_record(_context, data, _size):
        nonlocal delivered, total, begin, end
        event = bpf["events"].event(data)
        if event.b == LAST:
            end = time.monotonic_ns()
            return
        if delivered == 0:
            begin = time.monotonic_ns()
        delivered += 1
        total += event.ts + event.pid + event.cpu + len(event.comm) + event.addr[0] + event.a
        if event.b == STAMPED:
            latencies.append(time.clock_gettime_ns(time.CLOCK_TAI) - event.ts)

    bpf["events"].open_ring_buffer(on_record)
    print("ready", flush=True)
    while end == 0:
        bpf.ring_buffer_poll()
    print(f"delivered {delivered}\nelapsed_ns {end - begin}")
    if latencies:
        latencies.sort()
        print(f"p50_ns {latencies[len(latencies) // 2]}\np99_ns {latencies[len(latencies) * 99 // 100]}")


def first():
    bpf = BPF(text=FIRST)
    found = []
    bpf["events"].open_ring_buffer(lambda _context, data, _size: found.append(bpf["events"].event(data)))
    while not found:
        bpf.ring_buffer_poll()
    print(found[0].pid, found[0].comm.decode(), flush=True)


def measure(name, count, work):
    begin = time.monotonic_ns()
    work()
    print(f"{name} {(time.monotonic_ns() - begin) / count:.1f}", flush=True)


def maps(batch):
    bpf = BPF(text=MAPS)
    small, large, percpu = bpf["small"], bpf["large"], bpf["percpu"]
    keys = (large.Key * LARGE)()
    values = (large.Leaf * LARGE)()
    for i in range(LARGE):
        keys[i].pid, keys[i].cpu = i, i & 3
        values[i].count, values[i].bytes, values[i].last, values[i].flags = i, 2 * i, 3, 4
    large.items_update_batch(keys, values)
    for i in range(SMALL):
        small[keys[i]] = values[i]
        percpu[keys[i]] = percpu.Leaf()

    if batch:
        measure("entries_10k", SMALL, lambda: walk(small.items_lookup_batch()))
        measure("entries_1m", LARGE, lambda: walk(large.items_lookup_batch()))
        return

    def lookup():
        for i in range(CALLS):
            small[keys[i % SMALL]].count

    def update():
        for i in range(CALLS):
            small[keys[i % SMALL]] = values[i]

    def per_cpu():
        for key in percpu.keys():
            percpu.sum(key)

    def update_batch():
        some_keys = (large.Key * CALLS).from_buffer(keys)
        some_values = (large.Leaf * CALLS).from_buffer(values)
        large.items_update_batch(some_keys, some_values)

    measure("lookup", CALLS, lookup)
    measure("update", CALLS, update)
    measure("entries_10k", SMALL, lambda: walk(small.items()))
    measure("entries_1m", LARGE, lambda: walk(large.items()))
    measure("update_batch_100k", CALLS, update_batch)
    measure("percpu_10k", SMALL, per_cpu)


def walk(items):
    total = 0
    for key, value in items:
        total += key.pid + value.count + value.bytes
    return total


WORK = {"first": first, "events": events, "maps": lambda: maps(False), "maps-batch": lambda: maps(True)}
WORK[sys.argv[1]]()
