// The followers of the push comparisons, in a process of their own: thousands of sockets on one epoll.
//
//	client -mode broadcast|rate|idle|storm|stuck|drain|post …
//
// Prints one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type client struct {
	*poller
	protocol string
	port     int
	tokens   []string
	since    int

	readyCount, lostCount int
	followers             []*follower

	// One broadcast at a time: how many have yet to get it.
	left      int
	lastNs    int64
	measuring bool
	delays    histogram
	lasts     histogram
	got       int64
	// A follower that gets a broadcast twice, or another than the newest out of turn.
	strange int64
	stuck   int
	healthy int
	publisher
	body    string
	posting *posting
}

func main() {
	protocol := flag.String("protocol", "plain", "product, plain, socket.io, centrifuge, nats")
	mode := flag.String("mode", "broadcast", "broadcast, rate, idle, storm, stuck, drain, post")
	port := flag.Int("port", 0, "of the server")
	control := flag.Int("control", 0, "port that takes what is to be published, a line each; for nats its own port")
	n := flag.Int("n", 1000, "sockets")
	seconds := flag.Float64("seconds", 4, "measured")
	warm := flag.Float64("warm", 1, "seconds before that")
	gap := flag.Float64("gap", 0, "broadcast: milliseconds from one to the next at the least")
	rate := flag.Float64("rate", 400, "publications a second")
	size := flag.Int("size", 300, "bytes of a publication")
	missed := flag.Int("missed", 100, "storm: events that each has missed")
	stuck := flag.Int("stuck", 0, "sockets that stop reading")
	pid := flag.Int("pid", 0, "of the server")
	tokens := flag.String("tokens", "", "product: session tokens, separated by commas; without them each socket names its own, peer-<n>")
	collect := flag.Bool("collect", false, "idle: tell the server to collect its garbage, SIGUSR2")
	since := flag.Int("since", -1, "product: follow from here")
	body := flag.String("body", "", "post: the report, JSON; control is then the port that takes it")
	flag.Parse()

	raiseLimit()
	c := &client{poller: newPoller(), protocol: *protocol, port: *port, since: *since, stuck: *stuck, body: *body}
	c.size = *size
	if *tokens != "" {
		c.tokens = strings.Split(*tokens, ",")
	}
	out := map[string]any{}
	before := residentOf(*pid)
	if *mode == "storm" {
		c.storm(*n, *missed, *pid, out)
	} else {
		c.connect(*n)
		out["ready"] = c.readyCount
		if *mode == "idle" {
			c.rest(3 * time.Second)
			if *collect {
				_ = syscall.Kill(*pid, syscall.SIGUSR2)
				c.rest(3 * time.Second)
			}
			out["bytesPerSocket"] = float64(residentOf(*pid)-before) / float64(c.readyCount)
		} else if *mode == "drain" {
			c.drain(*seconds, out)
		} else if *mode == "post" {
			c.post(*protocol, *control, *rate, *warm, *seconds, *pid, out)
		} else {
			c.openPublisher(c.poller, *protocol, *control)
			c.healthy = c.readyCount
			if *mode == "stuck" {
				c.healthy -= c.stuck
				for _, f := range c.followers[:c.stuck] {
					c.stopReading(f.socket)
				}
			}
			c.measure(*mode, *rate, *gap*1e6, *warm, *seconds, *pid, out)
		}
	}
	out["lost"] = c.lostCount
	line, err := json.Marshal(out)
	if err != nil {
		fail("%v", err)
	}
	fmt.Println(string(line))
}

// As many handshakes at once as a server can be asked to take.
const dialing = 200

func (c *client) connect(n int) {
	until := now() + int64(90*time.Second)
	for c.readyCount+c.lostCount < n {
		for len(c.followers) < n && len(c.followers)-c.readyCount-c.lostCount < dialing {
			c.followers = append(c.followers, c.follow(len(c.followers)))
		}
		c.turn(50 * time.Millisecond)
		if now() > until {
			fail("only %d of %d sockets came up", c.readyCount, n)
		}
	}
	if c.lostCount > 0 {
		fail("%d of %d sockets were refused", c.lostCount, n)
	}
}

func (c *client) rest(d time.Duration) {
	for until := now() + int64(d); now() < until; {
		c.turn(50 * time.Millisecond)
	}
}

// Only reads: how many marks each follower has got by the end.
func (c *client) drain(seconds float64, out map[string]any) {
	c.rest(time.Duration(seconds * 1e9))
	least, most := c.followers[0].marks, 0
	for _, f := range c.followers {
		least, most = min(least, f.marks), max(most, f.marks)
	}
	out["leastMarks"], out["mostMarks"] = least, most
}

func (c *client) delivered(f *follower, sent, at int64) {
	if f.index < c.stuck {
		return
	}
	c.got++
	if c.measuring {
		c.delays.add(at - sent)
	}
	if sent != c.lastNs {
		c.strange++
		return
	}
	c.left--
	if c.left == 0 && c.measuring {
		c.lasts.add(at - sent)
	}
}

// broadcast: the next goes out when all have the last, and after the gap. rate, stuck: so many a second.
func (c *client) measure(mode string, rate, gapNs, warm, seconds float64, pid int, out map[string]any) {
	begin := now() + int64(warm*1e9)
	end := begin + int64(seconds*1e9)
	started := now()
	published, measuredFrom := 0, 0
	var cpu, got, own int64
	for {
		t := now()
		if !c.measuring && t >= begin {
			c.measuring = true
			cpu, got, own, measuredFrom = cpuOf(pid), c.got, cpuOf(os.Getpid()), published
			begin = t
		}
		if t >= end {
			break
		}
		wait := 20 * time.Millisecond
		if mode == "broadcast" {
			if next := c.lastNs + int64(gapNs); c.left <= 0 && t < next {
				wait = time.Duration(next - t)
			} else if c.left <= 0 {
				c.left, c.lastNs = c.healthy, c.publish()
				published++
			}
		} else {
			for due := int(float64(t-started) / 1e9 * rate); published < due; published++ {
				c.publish()
			}
			next := started + int64(float64(published+1)/rate*1e9)
			wait = max(time.Millisecond, min(wait, time.Duration(next-t)))
		}
		c.turn(wait)
	}
	took := float64(now()-begin) / 1e9
	updates := float64(published - measuredFrom)
	deliveries := float64(c.got - got)
	used := float64(cpuOf(pid) - cpu)
	out["updates"] = updates
	out["deliveries"] = deliveries
	out["deliveriesPerS"] = deliveries / took
	out["cpuUsPerDelivery"] = used / deliveries
	out["cpuShare"] = used / 1e6 / took
	out["clientCpuShare"] = float64(cpuOf(os.Getpid())-own) / 1e6 / took
	out["p50Ms"], out["p99Ms"] = c.delays.quantile(0.5), c.delays.quantile(0.99)
	out["lastP50Ms"], out["lastP99Ms"] = c.lasts.quantile(0.5), c.lasts.quantile(0.99)
	out["residentBytes"] = residentOf(pid)
	if mode == "broadcast" {
		out["strange"] = c.strange
	}
}

// All come back at once, and each gets what it has missed.
func (c *client) storm(n, missed, pid int, out map[string]any) {
	started, cpu := now(), cpuOf(pid)
	until := started + int64(90*time.Second)
	for i := 0; i < n; i++ {
		c.followers = append(c.followers, c.follow(i))
		if i%100 == 99 {
			c.turn(0)
		}
	}
	served := 0
	for served < n && now() < until {
		c.turn(50 * time.Millisecond)
		served = 0
		for _, f := range c.followers {
			if f.marks >= missed {
				served++
			}
		}
	}
	took := float64(now()-started) / 1e9
	// What is still on its way would be a double.
	c.rest(500 * time.Millisecond)
	lost, doubled := 0, 0
	for _, f := range c.followers {
		lost += max(0, missed-f.marks)
		doubled += max(0, f.marks-missed)
	}
	out["seconds"], out["served"], out["missing"], out["doubled"] = took, served, lost, doubled
	out["cpuS"] = float64(cpuOf(pid)-cpu) / 1e6
	out["residentBytes"] = residentOf(pid)
}

func raiseLimit() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
}

// CPU of a process in microseconds, all threads.
func cpuOf(pid int) int64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return (user + system) * 10_000
}

func residentOf(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(status), "\n") {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(kib)[0], 10, 64)
			return n * 1024
		}
	}
	return 0
}
