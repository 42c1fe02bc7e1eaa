//! The first Linux that has a feature, for messages about kernels that were found to lack it. What Linux 5.8 has is left out, save for types.

/// Types of maps by their number.
pub(crate) fn map_type(number: u32) -> Option<&'static str> {
    Some(match number {
        22 | 23 => "4.20",
        24 => "5.2",
        25 => "5.4",
        26 => "5.6",
        27 => "5.8",
        28 => "5.10",
        29 => "5.11",
        30 => "5.16",
        31 => "6.1",
        32 => "6.2",
        33 => "6.9",
        34 => "6.19",
        _ => return None,
    })
}

/// Types of programs by the kernel's name.
pub(crate) fn program_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "flow_dissector" => "4.20",
        "cgroup_sysctl" | "raw_tracepoint_writable" => "5.2",
        "cgroup_sockopt" => "5.3",
        "tracing" => "5.5",
        "struct_ops" | "ext" => "5.6",
        "lsm" => "5.7",
        "sk_lookup" => "5.9",
        "syscall" => "5.14",
        "netfilter" => "6.4",
        _ => return None,
    })
}

/// A helper by its number: its name and the first Linux. The last one is of 6.2; there will be no more.
pub(crate) fn helper(number: usize) -> Option<(&'static str, &'static str)> {
    let mut first = FIRST_HELPER;
    for (since, names) in HELPERS {
        if let Some(name) = number.checked_sub(first).and_then(|index| names.get(index)) {
            return Some((name, since));
        }
        first += names.len();
    }
    None
}

/// `bpf_csum_level`, the last one of Linux 5.8, is number 135.
const FIRST_HELPER: usize = 136;

/// In the order of their numbers, by the release that brought them.
const HELPERS: &[(&str, &[&str])] = &[
    (
        "5.9",
        &[
            "skc_to_tcp6_sock",
            "skc_to_tcp_sock",
            "skc_to_tcp_timewait_sock",
            "skc_to_tcp_request_sock",
            "skc_to_udp6_sock",
            "get_task_stack",
        ],
    ),
    (
        "5.10",
        &[
            "load_hdr_opt",
            "store_hdr_opt",
            "reserve_hdr_opt",
            "inode_storage_get",
            "inode_storage_delete",
            "d_path",
            "copy_from_user",
            "snprintf_btf",
            "seq_printf_btf",
            "skb_cgroup_classid",
            "redirect_neigh",
            "per_cpu_ptr",
            "this_cpu_ptr",
            "redirect_peer",
        ],
    ),
    (
        "5.11",
        &[
            "task_storage_get",
            "task_storage_delete",
            "get_current_task_btf",
            "bprm_opts_set",
            "ktime_get_coarse_ns",
            "ima_inode_hash",
            "sock_from_file",
        ],
    ),
    ("5.12", &["check_mtu"]),
    ("5.13", &["for_each_map_elem", "snprintf"]),
    ("5.14", &["sys_bpf", "btf_find_by_name_kind", "sys_close"]),
    (
        "5.15",
        &[
            "timer_init",
            "timer_set_callback",
            "timer_start",
            "timer_cancel",
            "get_func_ip",
            "get_attach_cookie",
            "task_pt_regs",
        ],
    ),
    ("5.16", &["get_branch_snapshot", "trace_vprintk", "skc_to_unix_sock", "kallsyms_lookup_name"]),
    ("5.17", &["find_vma", "loop", "strncmp", "get_func_arg", "get_func_ret", "get_func_arg_cnt"]),
    (
        "5.18",
        &[
            "get_retval",
            "set_retval",
            "xdp_get_buff_len",
            "xdp_load_bytes",
            "xdp_store_bytes",
            "copy_from_user_task",
            "skb_set_tstamp",
            "ima_file_hash",
        ],
    ),
    (
        "5.19",
        &[
            "kptr_xchg",
            "map_lookup_percpu_elem",
            "skc_to_mptcp_sock",
            "dynptr_from_mem",
            "ringbuf_reserve_dynptr",
            "ringbuf_submit_dynptr",
            "ringbuf_discard_dynptr",
            "dynptr_read",
            "dynptr_write",
            "dynptr_data",
        ],
    ),
    (
        "6.0",
        &[
            "tcp_raw_gen_syncookie_ipv4",
            "tcp_raw_gen_syncookie_ipv6",
            "tcp_raw_check_syncookie_ipv4",
            "tcp_raw_check_syncookie_ipv6",
        ],
    ),
    ("6.1", &["ktime_get_tai_ns", "user_ringbuf_drain"]),
    ("6.2", &["cgrp_storage_get", "cgrp_storage_delete"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_have_the_kernels_numbers() {
        use libbpf_sys as lib;
        for (number, name, since) in [
            (lib::BPF_FUNC_skc_to_tcp6_sock, "skc_to_tcp6_sock", "5.9"),
            (lib::BPF_FUNC_redirect_peer, "redirect_peer", "5.10"),
            (lib::BPF_FUNC_task_storage_get, "task_storage_get", "5.11"),
            (lib::BPF_FUNC_check_mtu, "check_mtu", "5.12"),
            (lib::BPF_FUNC_snprintf, "snprintf", "5.13"),
            (lib::BPF_FUNC_sys_close, "sys_close", "5.14"),
            (lib::BPF_FUNC_get_attach_cookie, "get_attach_cookie", "5.15"),
            (lib::BPF_FUNC_kallsyms_lookup_name, "kallsyms_lookup_name", "5.16"),
            (lib::BPF_FUNC_loop, "loop", "5.17"),
            (lib::BPF_FUNC_ima_file_hash, "ima_file_hash", "5.18"),
            (lib::BPF_FUNC_dynptr_data, "dynptr_data", "5.19"),
            (lib::BPF_FUNC_tcp_raw_check_syncookie_ipv6, "tcp_raw_check_syncookie_ipv6", "6.0"),
            (lib::BPF_FUNC_user_ringbuf_drain, "user_ringbuf_drain", "6.1"),
            (lib::BPF_FUNC_cgrp_storage_delete, "cgrp_storage_delete", "6.2"),
        ] {
            assert_eq!(helper(number as usize), Some((name, since)));
        }
        assert_eq!(helper(135), None);
        assert_eq!(helper(212), None);
    }

    #[test]
    fn types_have_the_names_and_numbers_of_libbpf() {
        for (number, name) in [
            (libbpf_sys::BPF_MAP_TYPE_QUEUE, "4.20"),
            (libbpf_sys::BPF_MAP_TYPE_BLOOM_FILTER, "5.16"),
            (libbpf_sys::BPF_MAP_TYPE_ARENA, "6.9"),
        ] {
            assert_eq!(map_type(number), Some(name));
        }
        for number in [
            libbpf_sys::BPF_PROG_TYPE_SYSCALL,
            libbpf_sys::BPF_PROG_TYPE_NETFILTER,
            libbpf_sys::BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
            libbpf_sys::BPF_PROG_TYPE_CGROUP_SOCKOPT,
        ] {
            // SAFETY: takes any number and returns a static string, for these types never null.
            let name = unsafe { std::ffi::CStr::from_ptr(libbpf_sys::libbpf_bpf_prog_type_str(number)) };
            assert!(program_type(name.to_str().unwrap()).is_some(), "{name:?}");
        }
    }
}
