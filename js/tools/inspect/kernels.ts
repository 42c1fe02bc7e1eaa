/** The first kernels that have what an object needs, as far as that is known: facts from the kernel's history. */

/** A need and the first kernel that meets it. */
export interface Since {
  readonly version: string;
  /** What needs it. */
  readonly because: string;
}

/** Versions, each with the words that first meant something in it. */
type Table = ReadonlyMap<string, string>;

function table(lines: string): Table {
  return new Map(
    lines
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [version, ...names] = line.trim().split(/\s+/) as [string, ...string[]];
        return names.map((name) => [name, version] as const);
      }),
  );
}

const PROGRAM_TYPES = table(`
  3.19 socket_filter
  4.1 kprobe sched_cls sched_act
  4.7 tracepoint
  4.8 xdp
  4.9 perf_event
  4.10 cgroup_skb cgroup_sock lwt_in lwt_out lwt_xmit
  4.13 sock_ops
  4.14 sk_skb
  4.15 cgroup_device
  4.17 sk_msg raw_tracepoint cgroup_sock_addr
  4.18 lwt_seg6local lirc_mode2
  4.19 sk_reuseport
  4.20 flow_dissector
  5.2 cgroup_sysctl raw_tracepoint_writable
  5.3 cgroup_sockopt
  5.5 tracing
  5.6 struct_ops ext
  5.7 lsm
  5.9 sk_lookup
  5.14 syscall
  6.4 netfilter`);

const ATTACH_TYPES = table(`
  4.18 cgroup_udp4_sendmsg cgroup_udp6_sendmsg
  5.2 cgroup_udp4_recvmsg cgroup_udp6_recvmsg
  5.5 trace_raw_tp trace_fentry trace_fexit
  5.7 modify_return lsm_mac
  5.8 trace_iter cgroup_inet4_getpeername cgroup_inet6_getpeername cgroup_inet4_getsockname cgroup_inet6_getsockname xdp_devmap
  5.9 cgroup_inet_sock_release xdp_cpumap
  5.13 sk_skb_verdict
  5.14 sk_reuseport_select_or_migrate
  5.18 trace_kprobe_multi
  6.0 lsm_cgroup
  6.6 trace_uprobe_multi
  6.7 cgroup_unix_connect cgroup_unix_sendmsg cgroup_unix_recvmsg cgroup_unix_getpeername cgroup_unix_getsockname netkit_primary netkit_peer
  6.10 trace_kprobe_session`);

const MAP_TYPES = table(`
  3.19 hash array
  4.2 prog_array
  4.3 perf_event_array
  4.6 percpu_hash percpu_array stack_trace
  4.8 cgroup_array
  4.10 lru_hash lru_percpu_hash
  4.11 lpm_trie
  4.12 array_of_maps hash_of_maps
  4.14 devmap sockmap
  4.15 cpumap
  4.18 xskmap sockhash
  4.19 cgroup_storage reuseport_sockarray
  4.20 percpu_cgroup_storage queue stack
  5.2 sk_storage
  5.4 devmap_hash
  5.6 struct_ops
  5.8 ringbuf
  5.10 inode_storage
  5.11 task_storage
  5.16 bloom_filter
  6.1 user_ringbuf
  6.2 cgrp_storage
  6.9 arena`);

/** Kernel functions are no promise: one may go again, and most are not listed here. */
const KFUNCS = table(`
  5.18 bpf_xdp_ct_lookup bpf_skb_ct_lookup bpf_ct_release
  6.0 bpf_xdp_ct_alloc bpf_skb_ct_alloc bpf_ct_insert_entry bpf_ct_set_timeout bpf_ct_change_timeout bpf_ct_set_status bpf_ct_change_status
  6.1 bpf_lookup_user_key bpf_lookup_system_key bpf_key_put bpf_verify_pkcs7_signature bpf_ct_set_nat_info
  6.2 bpf_obj_new_impl bpf_obj_drop_impl bpf_list_pop_front bpf_list_pop_back bpf_task_acquire bpf_task_release bpf_task_from_pid
  6.2 bpf_cgroup_acquire bpf_cgroup_release bpf_cgroup_ancestor bpf_cast_to_kern_ctx bpf_rdonly_cast bpf_rcu_read_lock bpf_rcu_read_unlock
  6.3 bpf_cpumask_create bpf_cpumask_release bpf_cpumask_acquire bpf_cpumask_set_cpu bpf_cpumask_clear_cpu bpf_cpumask_test_cpu
  6.3 bpf_rbtree_remove bpf_rbtree_first bpf_xdp_metadata_rx_timestamp bpf_xdp_metadata_rx_hash
  6.4 bpf_refcount_acquire_impl bpf_list_push_front_impl bpf_list_push_back_impl bpf_rbtree_add_impl bpf_cgroup_from_id
  6.4 bpf_dynptr_slice bpf_dynptr_slice_rdwr bpf_dynptr_from_skb bpf_dynptr_from_xdp bpf_iter_num_new bpf_iter_num_next bpf_iter_num_destroy
  6.5 bpf_task_under_cgroup bpf_dynptr_adjust bpf_dynptr_is_null bpf_dynptr_is_rdonly bpf_dynptr_size bpf_dynptr_clone bpf_sock_destroy
  6.6 bpf_map_sum_elem_count
  6.7 bpf_throw bpf_percpu_obj_new_impl bpf_percpu_obj_drop_impl bpf_sock_addr_set_sun_path
  6.7 bpf_iter_task_new bpf_iter_task_next bpf_iter_task_destroy bpf_iter_task_vma_new bpf_iter_task_vma_next bpf_iter_task_vma_destroy
  6.7 bpf_iter_css_new bpf_iter_css_next bpf_iter_css_destroy bpf_iter_css_task_new bpf_iter_css_task_next bpf_iter_css_task_destroy
  6.8 bpf_get_file_xattr bpf_get_fsverity_digest bpf_cpumask_weight bpf_task_get_cgroup1 bpf_xdp_metadata_rx_vlan_tag
  6.9 bpf_arena_alloc_pages bpf_arena_free_pages
  6.10 bpf_wq_init bpf_wq_set_callback_impl bpf_wq_start bpf_preempt_disable bpf_preempt_enable bpf_session_is_return bpf_session_cookie
  6.10 bpf_crypto_ctx_create bpf_crypto_ctx_release bpf_crypto_ctx_acquire bpf_crypto_decrypt bpf_crypto_encrypt`);

const TABLES = { program: PROGRAM_TYPES, attach: ATTACH_TYPES, map: MAP_TYPES, kfunc: KFUNCS } as const;

/** The first kernel that has the kernel's name `name`; null where that is not known. */
export function since(what: keyof typeof TABLES, name: string): string | null {
  return TABLES[what].get(name) ?? null;
}

/** The need that takes the newest kernel; null for none. */
export function newest(needs: readonly (Since | null)[]): Since | null {
  return needs.reduce((found, need) => {
    if (need === null) return found;
    return found === null || order(need.version) > order(found.version) ? need : found;
  }, null);
}

function order(version: string): number {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  return major * 1000 + minor;
}
