package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// PAD
type Handler struct{ stock map[string]*int }

func (h *Handler) Reserve(key string) int { return *h.stock[key] }
func (h *Handler) Release(key string) int { return *h.stock[key] }
func (h *Handler) Rows(rows []string)     { panic(fmt.Errorf("Rows failed: %s", strings.Join(rows, ", "))) }
func (h *Handler) Coupon(code string) {
	panic(fmt.Errorf("pq: duplicate key value violates unique constraint \"coupon_code_key\" Detail: Key (code)=(%s) already exists.", code))
}
func (h *Handler) Booking(code string) {
	func() { panic(fmt.Errorf("Booking %s not found", code)) }()
}
func (h *Handler) Connect(key string) {
	panic(fmt.Errorf("reserve %s: %w", key, fmt.Errorf("dial tcp 10.0.0.%d:5432: connect: connection refused", len(key))))
}

func run(label string, fail func()) {
	defer func() {
		if r := recover(); r != nil {
			err := r.(error)
			fmt.Fprint(os.Stdout, label, "\x1f", strings.TrimPrefix(fmt.Sprintf("%T", err), "*"), "\x1f", err.Error(), "\x1f", "panic: "+err.Error()+"\n\n"+string(debug.Stack()), "\x1e")
		}
	}()
	fail()
}

func main() {
	h := &Handler{stock: map[string]*int{}}
	keys := []string{"ORD-1", "ORD-77"}
	rows := [][]string{{"12", "15", "19"}, {"12"}}
	codes := []string{"SPRING", "early (bird)"}
	bookings := []string{"X7K2PQ", "QF9ZL1"}
	for i := range keys {
		run("reserve", func() { h.Reserve(keys[i]) })
		run("release", func() { h.Release(keys[i]) })
		run("connect", func() { h.Connect(keys[i]) })
		run("rows", func() { h.Rows(rows[i]) })
		run("coupon", func() { h.Coupon(codes[i]) })
		run("booking", func() { h.Booking(bookings[i]) })
	}
}
