// Calls two instances in turn by grpc-go, which checks their health by Watch, until SIGTERM.
// `main ENOUGH PORT PORT`; says `ready`, `enough` after so many calls, and at the end `tally {...}`.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	_ "google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

const config = `{"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""}}`

func main() {
	enough, err := strconv.ParseInt(os.Args[1], 10, 64)
	if err != nil {
		panic(err)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	instances := manual.NewBuilderWithScheme("instances")
	var addresses []resolver.Address
	for _, port := range os.Args[2:] {
		addresses = append(addresses, resolver.Address{Addr: "127.0.0.1:" + port})
	}
	instances.InitialState(resolver.State{Addresses: addresses})
	soon := backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.1, Jitter: 0.2, MaxDelay: 200 * time.Millisecond}
	conn, err := grpc.Dial(instances.Scheme()+":///all", grpc.WithInsecure(), grpc.WithResolvers(instances),
		grpc.WithDefaultServiceConfig(config), grpc.WithDisableRetry(),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: soon, MinConnectTimeout: 5 * time.Second}))
	if err != nil {
		panic(err)
	}
	// Any message will do: the answer is the request.
	say := func(options ...grpc.CallOption) error {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		request := &healthpb.HealthCheckRequest{Service: "a"}
		answer := new(healthpb.HealthCheckRequest)
		if err := conn.Invoke(ctx, "/test.Echo/Say", request, answer, options...); err != nil {
			return err
		}
		if answer.Service != "a" {
			return fmt.Errorf("another answer")
		}
		return nil
	}
	if err := say(grpc.WaitForReady(true)); err != nil {
		panic(err)
	}
	fmt.Println("ready")
	var over, asked int64
	var lock sync.Mutex
	failed := []string{}
	var running sync.WaitGroup
	for i := 0; i < 4; i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			for atomic.LoadInt64(&over) == 0 {
				err := say()
				if atomic.AddInt64(&asked, 1) == enough {
					fmt.Println("enough")
				}
				if err != nil {
					lock.Lock()
					failed = append(failed, err.Error())
					lock.Unlock()
				}
			}
		}()
	}
	<-ended
	atomic.StoreInt64(&over, 1)
	running.Wait()
	tally, _ := json.Marshal(map[string]interface{}{"asked": asked, "failed": failed})
	fmt.Printf("tally %s\n", tally)
}
