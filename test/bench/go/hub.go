// What the same work costs in Go, with nothing but its standard library.
//
//	hub broadcast <seed|slot|shards|pool> <clients>   answers each line read with the nanoseconds of one broadcast
//	hub memory <clients>                              prints the bytes of one started client
//
// One client in a hundred never takes what it is handed. `seed` is the design of the program this framework
// grew out of; the others are what can be done better, up to `pool`, which gives up the goroutine per client.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const stalledOneIn = 100

var never = make(chan struct{})

// tally is done when the last healthy client was told.
type tally struct {
	left int64
	done chan struct{}
}

func (t *tally) told() {
	if atomic.AddInt64(&t.left, -1) == 0 {
		t.done <- struct{}{}
	}
}

// sink is the last station of a code, one for each client.
type sink struct {
	code    int32
	stalled bool
	tally   *tally
}

func (s *sink) deliver(code int32) {
	if s.stalled {
		<-never
	}
	s.code = code
	s.tally.told()
}

type hub interface {
	add(key string, s *sink)
	broadcast(code int32)
}

// --- seed: a goroutine and a channel of capacity 1 per client; who is not ready misses the code.

type seedHub struct {
	mutex     sync.Mutex
	notifiers map[string]chan int32
}

func (h *seedHub) add(key string, s *sink) {
	notifier := make(chan int32, 1)
	h.mutex.Lock()
	h.notifiers[key] = notifier
	h.mutex.Unlock()
	go func() {
		for code := range notifier {
			s.deliver(code)
		}
	}()
}

func (h *seedHub) broadcast(code int32) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, notifier := range h.notifiers {
		sendHealthCode(notifier, code)
	}
}

// sendHealthCode survives a notifier that was closed meanwhile, for one client must not end the others.
func sendHealthCode(notifier chan int32, code int32) {
	defer func() { _ = recover() }()
	select {
	case notifier <- code:
	default:
	}
}

// --- slot: a goroutine per client that sleeps on a condition; a newer code takes the place of an unread one.

type slot struct {
	mutex   sync.Mutex
	changed sync.Cond
	code    int32
	full    bool
}

func newSlot(s *sink) *slot {
	c := &slot{}
	c.changed.L = &c.mutex
	go func() {
		for {
			c.mutex.Lock()
			for !c.full {
				c.changed.Wait()
			}
			code := c.code
			c.full = false
			c.mutex.Unlock()
			s.deliver(code)
		}
	}()
	return c
}

func (c *slot) put(code int32) {
	c.mutex.Lock()
	c.code = code
	wasFull := c.full
	c.full = true
	c.mutex.Unlock()
	if !wasFull {
		c.changed.Signal()
	}
}

type slotHub struct{ slots []*slot }

func (h *slotHub) add(_ string, s *sink) { h.slots = append(h.slots, newSlot(s)) }

func (h *slotHub) broadcast(code int32) {
	for _, c := range h.slots {
		c.put(code)
	}
}

// --- shards: as slot, offered by one worker per processor, each to its own clients.

type shardsHub struct {
	shards  []*slotHub
	workers []chan int32
	next    int
}

func newShardsHub() *shardsHub {
	h := &shardsHub{}
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		shard, worker := &slotHub{}, make(chan int32, 1)
		h.shards, h.workers = append(h.shards, shard), append(h.workers, worker)
		go func() {
			for code := range worker {
				shard.broadcast(code)
			}
		}()
	}
	return h
}

func (h *shardsHub) add(key string, s *sink) {
	h.shards[h.next%len(h.shards)].add(key, s)
	h.next++
}

func (h *shardsHub) broadcast(code int32) {
	for _, worker := range h.workers {
		worker <- code
	}
}

// --- pool: no goroutine per client. One worker per processor calls the sinks of its clients, which therefore must
// not block: a sink says that it is busy, and what comes meanwhile waits in the client's slot. As cheap as it gets,
// and no longer the same promise: one sink that blocks all the same stops every client of its worker.

type poolClient struct {
	sink *sink
	code int32
	full bool
	busy bool
}

type poolHub struct {
	shards  [][]*poolClient
	workers []chan int32
	next    int
}

func (h *poolHub) add(_ string, s *sink) {
	shard := h.next % len(h.shards)
	h.shards[shard] = append(h.shards[shard], &poolClient{sink: s})
	h.next++
}

func (c *poolClient) offer(code int32) {
	defer func() { _ = recover() }()
	if c.busy {
		c.code, c.full = code, true
		return
	}
	if c.sink.stalled {
		c.busy = true
		return
	}
	c.sink.deliver(code)
}

func newPoolHub() *poolHub {
	h := &poolHub{shards: make([][]*poolClient, runtime.GOMAXPROCS(0))}
	for i := range h.shards {
		shard, worker := i, make(chan int32, 1)
		h.workers = append(h.workers, worker)
		go func() {
			for code := range worker {
				for _, client := range h.shards[shard] {
					client.offer(code)
				}
			}
		}()
	}
	return h
}

func (h *poolHub) broadcast(code int32) {
	for _, worker := range h.workers {
		worker <- code
	}
}

func newHub(design string) hub {
	switch design {
	case "seed":
		return &seedHub{notifiers: map[string]chan int32{}}
	case "slot":
		return &slotHub{}
	case "shards":
		return newShardsHub()
	case "pool":
		return newPoolHub()
	}
	panic("no such design: " + design)
}

func broadcastRounds(design string, clients int) {
	h := newHub(design)
	t := &tally{done: make(chan struct{}, 1)}
	healthy := int64(0)
	for i := 0; i < clients; i++ {
		stalled := i%stalledOneIn == 0
		if !stalled {
			healthy++
		}
		h.add(fmt.Sprintf("client %d", i), &sink{stalled: stalled, tally: t})
	}
	runtime.GC()
	lines := bufio.NewScanner(os.Stdin)
	for code := int32(1); lines.Scan(); code++ {
		atomic.StoreInt64(&t.left, healthy)
		began := time.Now()
		h.broadcast(code)
		<-t.done
		fmt.Println(time.Since(began).Nanoseconds())
	}
}

func bytesPerClient(clients int) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	h := newHub("seed")
	for i := 0; i < clients; i++ {
		h.add(fmt.Sprintf("client %d", i), &sink{})
	}
	time.Sleep(500 * time.Millisecond)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(h)
	held := func(m *runtime.MemStats) float64 { return float64(m.HeapAlloc + m.StackInuse) }
	return (held(&after) - held(&before)) / float64(clients)
}

func main() {
	clients, err := strconv.Atoi(os.Args[len(os.Args)-1])
	if err != nil {
		panic(err)
	}
	if os.Args[1] == "memory" {
		fmt.Println(bytesPerClient(clients))
		return
	}
	broadcastRounds(os.Args[2], clients)
}
