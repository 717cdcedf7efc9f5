// A storm in Go, with nothing but its standard library: so many topics change at once, for so many clients, one in a
// hundred of whom never takes what it is handed. It answers /livez meanwhile.
//
//	storm <maps|log> <topics> <clients>   answers "storm" with what one cost, as JSON
//
// Both have a goroutine for each client, so that a sink may block. `maps`: each client has a map of the latest codes
// that wait for it. `log`: all share one log that is compacted by topic, and each client has a cursor in it, as in
// Watchkeeper.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const stalledOneIn = 100

var never = make(chan struct{})

type change struct {
	topic string
	code  int32
}

// tally ends with the last healthy client that was told of every topic.
type tally struct {
	left int64
	told int64
	done chan struct{}
}

func (t *tally) add(told int64) {
	atomic.AddInt64(&t.told, told)
	if atomic.AddInt64(&t.left, -told) == 0 {
		t.done <- struct{}{}
	}
}

type sink struct {
	last    change
	stalled bool
	tally   *tally
}

func (s *sink) deliver(c change) {
	if s.stalled {
		<-never
	}
	s.last = c
}

type hub interface {
	add(s *sink)
	publish(changes []change)
}

// --- maps

type mapClient struct {
	mutex   sync.Mutex
	changed sync.Cond
	waiting map[string]change
}

type mapHub struct{ clients []*mapClient }

func (h *mapHub) add(s *sink) {
	c := &mapClient{waiting: map[string]change{}}
	c.changed.L = &c.mutex
	h.clients = append(h.clients, c)
	go func() {
		spare := map[string]change{}
		for {
			c.mutex.Lock()
			for len(c.waiting) == 0 {
				c.changed.Wait()
			}
			taken := c.waiting
			c.waiting = spare
			c.mutex.Unlock()
			for topic, each := range taken {
				s.deliver(each)
				delete(taken, topic)
				s.tally.add(1)
			}
			spare = taken
		}
	}()
}

func (h *mapHub) publish(changes []change) {
	for _, each := range changes {
		for _, c := range h.clients {
			c.mutex.Lock()
			c.waiting[each.topic] = each
			c.mutex.Unlock()
			c.changed.Signal()
		}
	}
}

// --- log

type entry struct {
	change
	offset int
	gone   bool
}

type logHub struct {
	mutex   sync.RWMutex
	changed *sync.Cond
	line    []entry
	index   map[string]int
	gaps    int
	head    int
}

func newLogHub() *logHub {
	h := &logHub{index: map[string]int{}}
	h.changed = sync.NewCond(h.mutex.RLocker())
	return h
}

// after is the place of the first entry behind offset.
func (h *logHub) after(offset int) int {
	low, high := 0, len(h.line)
	for low < high {
		middle := (low + high) / 2
		if h.line[middle].offset > offset {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

func (h *logHub) add(s *sink) {
	go func() {
		offset := 0
		var batch [256]change
		for {
			h.mutex.RLock()
			for offset == h.head {
				h.changed.Wait()
			}
			read := 0
			for at := h.after(offset); at < len(h.line) && read < len(batch); at++ {
				offset = h.line[at].offset
				if h.line[at].gone {
					continue
				}
				batch[read] = h.line[at].change
				read++
			}
			h.mutex.RUnlock()
			for _, each := range batch[:read] {
				s.deliver(each)
			}
			s.tally.add(int64(read))
		}
	}()
}

func (h *logHub) publish(changes []change) {
	h.mutex.Lock()
	for _, each := range changes {
		if at, known := h.index[each.topic]; known {
			h.line[at].gone = true
			h.gaps++
		}
		h.head++
		h.index[each.topic] = len(h.line)
		h.line = append(h.line, entry{change: each, offset: h.head})
		if h.gaps > 64 && h.gaps*2 > len(h.line) {
			h.closeUp()
		}
	}
	h.mutex.Unlock()
	h.changed.Broadcast()
}

func (h *logHub) closeUp() {
	kept := make([]entry, 0, len(h.line)-h.gaps)
	for _, each := range h.line {
		if !each.gone {
			h.index[each.topic] = len(kept)
			kept = append(kept, each)
		}
	}
	h.line, h.gaps = kept, 0
}

func cpuMs() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	ms := func(t syscall.Timeval) float64 { return float64(t.Sec)*1e3 + float64(t.Usec)/1e3 }
	return ms(used.Utime) + ms(used.Stime)
}

func heapMb() float64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / 1e6
}

func main() {
	topicCount, _ := strconv.Atoi(os.Args[2])
	clients, _ := strconv.Atoi(os.Args[3])
	var h hub = &mapHub{}
	if os.Args[1] == "log" {
		h = newLogHub()
	}
	t := &tally{done: make(chan struct{}, 1)}
	healthy := int64(0)
	for i := 0; i < clients; i++ {
		s := &sink{stalled: i%stalledOneIn == 0, tally: t}
		if !s.stalled {
			healthy++
		}
		h.add(s)
	}
	topics := make([]string, topicCount)
	for i := range topics {
		topics[i] = fmt.Sprintf("target %d", i)
	}
	storm := func(code int32) {
		changes := make([]change, topicCount)
		for i, topic := range topics {
			changes[i] = change{topic, code}
		}
		atomic.StoreInt64(&t.told, 0)
		atomic.StoreInt64(&t.left, healthy*int64(topicCount))
		h.publish(changes)
		<-t.done
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	go func() { panic(http.Serve(listener, nil)) }()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	lines := bufio.NewScanner(os.Stdin)
	for code := int32(1); lines.Scan(); code++ {
		switch lines.Text() {
		case "rest":
			time.Sleep(300 * time.Millisecond)
			fmt.Println("ok")
		case "storm":
			runtime.GC()
			rest, cpu, began := heapMb(), cpuMs(), time.Now()
			storm(code)
			took, used := time.Since(began), cpuMs()-cpu
			answer, _ := json.Marshal(map[string]float64{
				"cpuMs": used, "tookMs": float64(took.Microseconds()) / 1e3, "told": float64(t.told), "heapMb": heapMb() - rest,
			})
			fmt.Println(string(answer))
		}
	}
}
