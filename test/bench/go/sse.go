// Server-sent events from a hub in the design of the program this framework grew out of: a goroutine and a channel
// of capacity 1 for each client, and who is not ready misses the message. Standard library only.
//
//	sse    says its port, then answers the lines `flip`, `churn <flips> <bytes>` and `heap`
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"
)

type hub struct {
	mutex     sync.Mutex
	notifiers map[string]chan []byte
}

func (h *hub) register(key string) chan []byte {
	notifier := make(chan []byte, 1)
	h.mutex.Lock()
	h.notifiers[key] = notifier
	h.mutex.Unlock()
	return notifier
}

func (h *hub) forget(key string) {
	h.mutex.Lock()
	delete(h.notifiers, key)
	h.mutex.Unlock()
}

func (h *hub) broadcast(message []byte) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, notifier := range h.notifiers {
		select {
		case notifier <- message:
		default:
		}
	}
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	notifier := h.register(r.RemoteAddr)
	defer h.forget(r.RemoteAddr)
	flusher := w.(http.Flusher)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, ": welcome\n\n")
	flusher.Flush()
	for {
		select {
		case message := <-notifier:
			if _, err := w.Write(message); err != nil {
				return
			}
			flusher.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func event(n int, bytes int) []byte {
	health := "degraded"
	if n%2 == 0 {
		health = "healthy"
	}
	detail := ""
	if bytes > 0 {
		detail = `,"detail":"` + strings.Repeat("x", bytes) + `"`
	}
	at := time.Now().UnixMilli()
	return fmt.Appendf(nil, "event: health\nid: %d\ndata: {\"type\":\"health\",\"topic\":\"db\",\"health\":%q%s,\"seq\":%d,\"at\":%d}\n\n",
		n, health, detail, n, at)
}

func heapBytes() uint64 {
	var memory runtime.MemStats
	debug.FreeOSMemory()
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc + memory.StackInuse
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	h := &hub{notifiers: map[string]chan []byte{}}
	go func() { panic(http.Serve(listener, h)) }()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	told := 0
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "flip":
			told++
			h.broadcast(event(told, 0))
			fmt.Println("told")
		case "churn":
			flips, _ := strconv.Atoi(words[1])
			bytes, _ := strconv.Atoi(words[2])
			for flip := 0; flip < flips; flip++ {
				told++
				h.broadcast(event(told, bytes))
				time.Sleep(time.Millisecond)
			}
			fmt.Println("told")
		case "heap":
			fmt.Println(heapBytes())
		}
	}
}
