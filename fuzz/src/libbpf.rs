//! What libbpf does with bytes that the gate let through, asked directly.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::NonNull;
use std::sync::Once;

use libbpf_sys as sys;

unsafe extern "C" fn silent(_: u32, _: *const c_char, _: *mut sys::__va_list_tag) -> c_int {
    0
}

/// Keeps libbpf from printing.
pub fn silence() {
    static ONCE: Once = Once::new();
    // SAFETY: the callback has the signature that libbpf asks for and lives for ever.
    ONCE.call_once(|| unsafe {
        sys::libbpf_set_print(Some(silent));
    });
}

/// Opens and loads an object that passed the gate, with every program, and frees it. The `bool` is whether that worked.
pub fn load(image: &[u8], opened: impl Fn(&[u8]) -> bool) -> bool {
    silence();
    let options = sys::bpf_object_open_opts {
        sz: size_of::<sys::bpf_object_open_opts>() as u64,
        object_name: c"fuzz".as_ptr(),
        ..Default::default()
    };
    // SAFETY: image and options live during the call.
    let object = unsafe { sys::bpf_object__open_mem(image.as_ptr().cast::<c_void>(), image.len() as u64, &options) };
    let Some(object) = NonNull::new(object) else { return false };
    let object = object.as_ptr();
    // SAFETY: the object is open until it is closed below, and so are its programs and its BTF.
    unsafe {
        let mut size = 0;
        let btf = sys::bpf_object__btf(object);
        let raw = if btf.is_null() { std::ptr::null() } else { sys::btf__raw_data(btf, &mut size) };
        let is_fine = !raw.is_null() && opened(std::slice::from_raw_parts(raw.cast::<u8>(), size as usize));
        let mut is_loaded = false;
        if is_fine {
            let mut program = sys::bpf_object__next_program(object, std::ptr::null_mut());
            while !program.is_null() {
                sys::bpf_program__set_autoload(program, true);
                program = sys::bpf_object__next_program(object, program);
            }
            is_loaded = sys::bpf_object__load(object) == 0;
        }
        sys::bpf_object__close(object);
        is_loaded
    }
}

/// Parses BTF and asks everything of every type.
pub fn walk_types(bytes: &[u8]) {
    silence();
    // SAFETY: the bytes live during the call; the BTF is freed below, and ids are below its count.
    unsafe {
        let btf = sys::btf__new(bytes.as_ptr().cast(), bytes.len() as u32);
        if btf.is_null() {
            return;
        }
        for id in 1..sys::btf__type_cnt(btf) {
            let found = sys::btf__type_by_id(btf, id);
            sys::btf__resolve_size(btf, id);
            sys::btf__align_of(btf, id);
            sys::btf__resolve_type(btf, id);
            let name = sys::btf__name_by_offset(btf, (*found).name_off);
            if !name.is_null() {
                sys::btf__find_by_name(btf, CStr::from_ptr(name).as_ptr());
            }
        }
        sys::btf__free(btf);
    }
}

/// Parses BTF.ext.
pub fn read_ext(bytes: &[u8]) {
    silence();
    // SAFETY: the bytes live during the call.
    unsafe { sys::btf_ext__free(sys::btf_ext__new(bytes.as_ptr().cast(), bytes.len() as u32)) };
}
