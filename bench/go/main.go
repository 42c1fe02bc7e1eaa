// Command peer is what somebody writes with cilium/ebpf for the same work: peer first|events|events-fast|maps OBJECT.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/cilium/ebpf"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("usage: peer first|events|events-fast|maps OBJECT")
	}
	coll, err := ebpf.LoadCollection(os.Args[2])
	must(err)
	switch os.Args[1] {
	case "first":
		first(coll)
	case "events":
		events(coll, decodeByReflection)
	case "events-fast":
		events(coll, decodeInPlace)
	case "maps":
		maps(coll)
	default:
		log.Fatalf("there is no %s", os.Args[1])
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
