// One array map per shape of value, so that what the codec reads can be compared with what bpftool prints of the same bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SHAPE(T, NAME)                                                                                                 \
	struct {                                                                                                           \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                                                              \
		__uint(max_entries, 3);                                                                                        \
		__type(key, __u32);                                                                                            \
		__type(value, T);                                                                                              \
	} NAME SEC(".maps")

#define packed __attribute__((packed))
#define aligned(n) __attribute__((aligned(n)))

// Scalars on their own.
SHAPE(__u8, s_u8);
SHAPE(__s8, s_s8);
SHAPE(__u16, s_u16);
SHAPE(__s16, s_s16);
SHAPE(__u32, s_u32);
SHAPE(__s32, s_s32);
SHAPE(__u64, s_u64);
SHAPE(__s64, s_s64);
SHAPE(char, s_char);
SHAPE(_Bool, s_bool);
SHAPE(unsigned __int128, s_u128);
SHAPE(__int128, s_s128);

enum verdict { PASS, DROP, REDIRECT = 7 };
enum step { BACK = -2, STAY, FORWARD };
enum huge { TOP = 1ULL << 40 };
enum tiny { TINY = 1, SMALL = 200 } packed;
SHAPE(enum verdict, s_enum);
SHAPE(enum tiny, s_enum_tiny);

struct ints {
	__u8 a;
	__s8 b;
	__u16 c;
	__s16 d;
	__u32 e;
	__s32 f;
	__u64 g;
	__s64 h;
	long i;
	unsigned short j;
};
SHAPE(struct ints, ints);

struct wide {
	__int128 a;
	unsigned __int128 b;
	__u8 c;
};
SHAPE(struct wide, wide);

struct floats {
	float a;
	double b;
	float c[3];
	double d[2];
};
SHAPE(struct floats, floats);

struct enums {
	enum verdict a;
	enum step b;
	enum tiny c;
	enum { LEFT, RIGHT } d;
	enum verdict e[2];
};
SHAPE(struct enums, enums);

struct enum_huge {
	enum huge a;
	__u32 b;
};
SHAPE(struct enum_huge, enum_huge);

struct bools {
	_Bool a;
	_Bool b[5];
	__u8 c;
};
SHAPE(struct bools, bools);

// Pointers: addresses, never followed.
struct unknown_here;
struct node {
	struct node *next;
	struct unknown_here *other;
	void *any;
	int (*call)(struct node *self, const char *name);
	const volatile __u32 *counter;
	char *names[2];
};
SHAPE(struct node, pointers);

// Bytes and strings.
struct text {
	char one[1];
	char comm[16];
	char path[127];
	char odd[3];
};
SHAPE(struct text, text);

struct bytes {
	__u8 mac[6];
	__s8 deltas[3];
	unsigned char digest[20];
	signed char more[2];
};
SHAPE(struct bytes, bytes);

struct texts {
	char lines[4][8];
	char cube[2][2][4];
	__u8 rows[2][4];
	__s8 signed_rows[2][3];
};
SHAPE(struct texts, texts);

// Other arrays.
struct arrays {
	__u32 a[4];
	__u64 b[3];
	__s16 c[5];
	__u16 d[33];
	__s64 e[2];
};
SHAPE(struct arrays, arrays);

struct matrix {
	__u32 a[2][3];
	__s64 b[2][2][2];
	__u16 c[1][1];
};
SHAPE(struct matrix, matrix);

SHAPE(struct { __u32 only[12]; }, array_only);

struct empty {};
struct with_empty {
	__u32 a;
	struct empty nothing;
	__u32 b;
	__u32 none[0];
	__u32 c;
};
SHAPE(struct with_empty, with_empty);

struct flexible {
	__u64 a;
	__u32 n;
	__u32 data[];
};
SHAPE(struct flexible, flexible);

// Structs in structs.
struct point {
	__s32 x;
	__s32 y;
};
struct line {
	struct point from;
	struct point to;
	__u8 colour;
};
SHAPE(struct line, nested);

struct deep {
	struct {
		struct {
			struct {
				struct {
					__u16 leaf;
					struct line line;
				} d;
			} c;
			__u8 tail;
		} b;
	} a;
};
SHAPE(struct deep, deep);

struct struct_array {
	__u32 n;
	struct point points[3];
	struct line lines[2];
};
SHAPE(struct struct_array, struct_array);

struct struct_matrix {
	struct point grid[2][3];
	__u8 end;
};
SHAPE(struct struct_matrix, struct_matrix);

struct repeated {
	struct line a;
	struct line b;
	struct line c;
	struct line d[12];
};
SHAPE(struct repeated, repeated);

// Anonymous members and unions.
struct anonymous {
	__u32 a;
	struct {
		__u32 b;
		struct {
			__u16 c;
			__u16 d;
		};
	};
	__u64 e;
};
SHAPE(struct anonymous, anonymous);

struct address {
	__u16 family;
	union {
		__u32 v4;
		__u8 v6[16];
		struct {
			__u64 high;
			__u64 low;
		};
	};
	__u16 port;
};
SHAPE(struct address, anon_union);

union number {
	__u64 u;
	__s64 s;
	__u8 b[8];
	struct {
		__u32 low;
		__u32 high;
	} half;
};
SHAPE(union number, union_top);

struct with_unions {
	union number a;
	__u32 tag;
	union {
		__u16 short_one;
		struct point point;
		char text[12];
	} b;
	union number c[2];
};
SHAPE(struct with_unions, unions);

// Bit fields.
struct bits {
	__u32 a : 1;
	__u32 b : 3;
	__u32 c : 12;
	__u32 d : 16;
	__u32 e : 31;
	__u32 f : 32;
};
SHAPE(struct bits, bits);

struct signed_bits {
	int a : 1;
	int b : 7;
	int c : 15;
	int d : 9;
	int e : 32;
	short f : 5;
	signed char g : 3;
};
SHAPE(struct signed_bits, signed_bits);

struct long_bits {
	__u64 a : 33;
	__u64 b : 31;
	__s64 c : 40;
	__u64 d : 5;
	__u64 e : 64;
};
SHAPE(struct long_bits, long_bits);

struct packed_bits {
	__u8 a : 3;
	__u16 b : 13;
	__u32 c : 30;
	__s32 d : 17;
	__u64 e : 60;
	__u8 f;
} packed;
SHAPE(struct packed_bits, packed_bits);

struct mixed_bits {
	__u8 before;
	_Bool flag : 1;
	_Bool other : 1;
	enum verdict verdict : 3;
	__u16 : 2;
	__u16 gap : 4;
	__u32 : 0;
	__u32 after;
	__u8 last : 7;
};
SHAPE(struct mixed_bits, mixed_bits);

struct bits_in_union {
	union {
		struct {
			__u8 low : 4;
			__u8 high : 4;
		};
		__u8 byte;
	};
	__u8 end;
};
SHAPE(struct bits_in_union, union_bits);

// Layout attributes.
struct unaligned {
	__u8 a;
	__u16 b;
	__u32 c;
	__u64 d;
	char e[5];
	__s64 f;
	__int128 g;
	__u16 h[2];
} packed;
SHAPE(struct unaligned, packed_all);

struct packed_inside {
	__u8 a;
	struct unaligned b;
	struct line c;
} packed;
SHAPE(struct packed_inside, packed_in);

struct over_aligned {
	__u8 a aligned(16);
	__u32 b aligned(32);
	__u8 c;
} aligned(64);
SHAPE(struct over_aligned, over_aligned);

struct padded {
	__u8 a;
	__u64 b;
	__u8 c;
	__u32 d;
	__u8 e;
};
SHAPE(struct padded, padded);

struct odd_size {
	__u8 a[3];
	char b[4];
} packed;
SHAPE(struct odd_size, odd_size);

// Names below the type.
typedef __u32 pid_type;
typedef pid_type pid_alias;
typedef const volatile pid_alias pid_qualified;
typedef struct point point_alias;
typedef char name_type[16];
typedef point_alias path_type[2];
struct aliased {
	pid_qualified a;
	const point_alias b;
	name_type c;
	volatile path_type d;
	const char e[4];
	const volatile __u8 f[4];
	__u32 __attribute__((btf_type_tag("user"))) * g;
};
SHAPE(struct aliased, aliased);
SHAPE(pid_qualified, s_alias);

struct names {
	__u32 constructor;
	__u32 __proto__;
	__u32 toString;
	__u32 class;
	__u32 hasOwnProperty;
	__u32 v, o, e, x, p;
};
SHAPE(struct names, names);

struct many {
	__u32 a00, a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19;
	__u64 b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b10, b11, b12, b13, b14, b15, b16, b17, b18, b19;
};
SHAPE(struct many, many);

// What a tracer's record usually looks like.
struct event {
	__u64 ts;
	__u32 pid;
	__u32 cpu;
	char comm[16];
	__u8 addr[16];
	__u64 a;
	__u64 b;
};
SHAPE(struct event, event);

struct sample {
	__u32 pid;
	__u32 tgid;
	__s32 kernel_stack_size;
	__s32 user_stack_size;
	char comm[16];
	__u64 kernel_stack[20];
	__u64 user_stack[20];
};
SHAPE(struct sample, sample);

// Data sections.
__u64 counter;
static volatile __u32 hits[4];
struct line origin = { .colour = 3 };
struct bits flags = { .a = 1, .d = 9 };
char greeting[16] = "hello";
union number either = { .u = 5 };
_Bool enabled = 1;
const volatile __u32 target_pid = 7;
const volatile char prefix[8] = "ab";

SEC("syscall")
int use(void *ctx)
{
	hits[0]++;
	counter += target_pid + prefix[0] + origin.colour + flags.a + greeting[0] + either.u + enabled;
	return 0;
}
