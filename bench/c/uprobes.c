// uprobes OBJECT BINARY COUNT: one uprobe_multi link on the functions f0, f1 … of BINARY; prints milliseconds to start and to stop.
//
// Debian's libbpf is older than this kind of link, so the system call is made by hand.
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/types.h>

#include "peer.h"

#define TRACE_UPROBE_MULTI 48

struct link_create {
	__u32 program, target, attach_type, flags;
	__u64 path, offsets, ref_counters, cookies;
	__u32 count, multi_flags, pid, padding;
};

// File offsets of the functions whose names are `f` and a number below `count`.
static void find(const char *binary, __u64 *offsets, int count)
{
	struct stat stat;
	int fd = open(binary, O_RDONLY);
	char *file = fd < 0 || fstat(fd, &stat) ? MAP_FAILED : mmap(NULL, stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	Elf64_Ehdr *header = (void *)file;
	Elf64_Shdr *sections;

	if (file == MAP_FAILED)
		die("cannot read %s", binary);
	sections = (void *)(file + header->e_shoff);
	for (int i = 0; i < header->e_shnum; i++) {
		Elf64_Sym *symbols = (void *)(file + sections[i].sh_offset);
		const char *names = file + sections[sections[i].sh_link].sh_offset;

		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		for (size_t n = 0; n < sections[i].sh_size / sizeof(*symbols); n++) {
			const char *name = names + symbols[n].st_name;
			Elf64_Shdr *home = &sections[symbols[n].st_shndx];

			if (ELF64_ST_TYPE(symbols[n].st_info) != STT_FUNC || name[0] != 'f' || name[1] < '0' || name[1] > '9')
				continue;
			if (atoi(name + 1) < count)
				offsets[atoi(name + 1)] = symbols[n].st_value - home->sh_addr + home->sh_offset;
		}
	}
	munmap(file, stat.st_size);
	close(fd);
}

int main(int argc, char **argv)
{
	int count = atoi(argv[3]), link;
	unsigned long long start = now(CLOCK_MONOTONIC), stop;
	struct bpf_object *object = bpf_object__open(argv[1]);
	struct bpf_program *program = bpf_object__find_program_by_name(object, "on_call");
	__u64 offsets[1000];
	struct link_create attr = {
		.attach_type = TRACE_UPROBE_MULTI, .path = (__u64)argv[2], .offsets = (__u64)offsets, .count = count,
	};

	bpf_program__set_expected_attach_type(program, TRACE_UPROBE_MULTI);
	if (bpf_object__load(object))
		die("cannot load %s", argv[1]);
	find(argv[2], offsets, count);
	attr.program = bpf_program__fd(program);
	link = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	if (link < 0)
		die("cannot attach: %m");
	printf("start_ms %.2f\n", (now(CLOCK_MONOTONIC) - start) / 1e6);
	stop = now(CLOCK_MONOTONIC);
	close(link);
	bpf_object__close(object);
	printf("stop_ms %.2f\n", (now(CLOCK_MONOTONIC) - stop) / 1e6);
	return 0;
}
