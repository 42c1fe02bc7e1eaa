//! The kernel's map types and what sets them apart here.

use std::fmt;

/// Declares [`MapType`] from one table: variant, the kernel's number, the kernel's lower-case name.
macro_rules! map_types {
    ($($variant:ident = $number:literal, $name:literal;)*) => {
        /// A kind of map. `Other` is one that is newer than this table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum MapType {
            $($variant,)*
            Other(u32),
        }

        impl MapType {
            /// The kind behind the kernel's `enum bpf_map_type` number.
            pub const fn from_raw(number: u32) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    other => Self::Other(other),
                }
            }

            /// The kernel's number.
            pub const fn as_raw(self) -> u32 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// The kernel's lower-case name (`"hash"`, `"lpm_trie"`), as bpftool prints it; `"unknown"` for `Other`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(_) => "unknown",
                }
            }
        }
    };
}

map_types! {
    Unspec = 0, "unspec";
    Hash = 1, "hash";
    Array = 2, "array";
    ProgArray = 3, "prog_array";
    PerfEventArray = 4, "perf_event_array";
    PercpuHash = 5, "percpu_hash";
    PercpuArray = 6, "percpu_array";
    StackTrace = 7, "stack_trace";
    CgroupArray = 8, "cgroup_array";
    LruHash = 9, "lru_hash";
    LruPercpuHash = 10, "lru_percpu_hash";
    LpmTrie = 11, "lpm_trie";
    ArrayOfMaps = 12, "array_of_maps";
    HashOfMaps = 13, "hash_of_maps";
    Devmap = 14, "devmap";
    Sockmap = 15, "sockmap";
    Cpumap = 16, "cpumap";
    Xskmap = 17, "xskmap";
    Sockhash = 18, "sockhash";
    CgroupStorage = 19, "cgroup_storage";
    ReuseportSockarray = 20, "reuseport_sockarray";
    PercpuCgroupStorage = 21, "percpu_cgroup_storage";
    Queue = 22, "queue";
    Stack = 23, "stack";
    SkStorage = 24, "sk_storage";
    DevmapHash = 25, "devmap_hash";
    StructOps = 26, "struct_ops";
    Ringbuf = 27, "ringbuf";
    InodeStorage = 28, "inode_storage";
    TaskStorage = 29, "task_storage";
    BloomFilter = 30, "bloom_filter";
    UserRingbuf = 31, "user_ringbuf";
    CgrpStorage = 32, "cgrp_storage";
    Arena = 33, "arena";
    InsnArray = 34, "insn_array";
}

impl MapType {
    /// Whether one value is an array over all possible CPUs.
    pub const fn is_percpu(self) -> bool {
        matches!(self, Self::PercpuHash | Self::LruPercpuHash | Self::PercpuArray | Self::PercpuCgroupStorage)
    }

    /// Whether keys are the indices 0 to `max_entries` - 1.
    pub(super) const fn is_indexed(self) -> bool {
        matches!(
            self,
            Self::Array
                | Self::PercpuArray
                | Self::ProgArray
                | Self::PerfEventArray
                | Self::CgroupArray
                | Self::ArrayOfMaps
        )
    }

    /// Whether a batched walk goes by hash bucket, each taken under its lock: no entry that stays is met twice or missed.
    pub(super) const fn is_bucketed(self) -> bool {
        matches!(self, Self::Hash | Self::LruHash | Self::PercpuHash | Self::LruPercpuHash | Self::HashOfMaps)
    }
}

impl fmt::Display for MapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(number) => write!(f, "unknown type {number}"),
            known => f.write_str(known.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MapType;

    #[test]
    fn numbers_round_trip_and_names_are_the_kernels() {
        for number in 0..100 {
            assert_eq!(MapType::from_raw(number).as_raw(), number);
        }
        for (number, name) in [
            (libbpf_sys::BPF_MAP_TYPE_HASH, "hash"),
            (libbpf_sys::BPF_MAP_TYPE_LPM_TRIE, "lpm_trie"),
            (libbpf_sys::BPF_MAP_TYPE_LRU_PERCPU_HASH, "lru_percpu_hash"),
            (libbpf_sys::BPF_MAP_TYPE_RINGBUF, "ringbuf"),
            (libbpf_sys::BPF_MAP_TYPE_BLOOM_FILTER, "bloom_filter"),
            (libbpf_sys::BPF_MAP_TYPE_ARENA, "arena"),
        ] {
            assert_eq!(MapType::from_raw(number).as_str(), name);
        }
        assert_eq!(MapType::Other(99).to_string(), "unknown type 99");
    }

    #[test]
    fn every_name_is_what_libbpf_calls_it() {
        for number in 0..=libbpf_sys::BPF_MAP_TYPE_ARENA {
            // SAFETY: the function takes a number and returns null or a constant string.
            let name = unsafe { libbpf_sys::libbpf_bpf_map_type_str(number) };
            assert!(!name.is_null(), "type {number} is in the table but unknown to libbpf");
            // SAFETY: not null, and static in libbpf.
            let name = unsafe { std::ffi::CStr::from_ptr(name) };
            assert_eq!(name.to_str(), Ok(MapType::from_raw(number).as_str()));
        }
    }
}
