package main

import (
	"math/bits"
)

// Counts of delays in steps of a 64th of a power of two, so that millions cost no memory.
type histogram struct {
	counts [64 * 64]int64
	total  int64
}

func (h *histogram) add(ns int64) {
	us := uint64(max(1, ns/1000))
	power := bits.Len64(us) - 1
	fraction := (us << 6 >> power) & 63
	h.counts[power*64+int(fraction)]++
	h.total++
}

// Milliseconds; 0 of nothing.
func (h *histogram) quantile(q float64) float64 {
	seen, wanted := int64(0), int64(q*float64(h.total))
	for i, n := range h.counts {
		seen += n
		if n > 0 && seen > wanted {
			return float64(uint64(1)<<(i/64)) * (1 + float64(i%64)/64) / 1000
		}
	}
	return 0
}
