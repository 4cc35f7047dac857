// A fan-out server on centrifuge, the library under Centrifugo: JSON protocol, everything in memory.
//
//	centrifuge-peer <port> <control port>
//
// Clients connect and subscribe as the protocol says. Each line on the control port is published to the channel "all".
package main

import (
	"bufio"
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/centrifugal/centrifuge"
)

func main() {
	node, err := centrifuge.New(centrifuge.Config{LogLevel: centrifuge.LogLevelError, ClientStaleCloseDelay: time.Minute})
	if err != nil {
		log.Fatal(err)
	}
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: "peer"}}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnSubscribe(func(_ centrifuge.SubscribeEvent, answer centrifuge.SubscribeCallback) {
			answer(centrifuge.SubscribeReply{}, nil)
		})
	})
	if err := node.Run(); err != nil {
		log.Fatal(err)
	}
	control, err := net.Listen("tcp", "127.0.0.1:"+os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	go publishLines(node, control)
	// The settings its manual recommends for many connections: small buffers, writes from a pool.
	http.Handle("/connection/websocket", centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{
		ReadBufferSize: 512, UseWriteBufferPool: true,
	}))
	log.Fatal(http.ListenAndServe("0.0.0.0:"+os.Args[1], nil))
}

func publishLines(node *centrifuge.Node, control net.Listener) {
	for {
		conn, err := control.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			lines := bufio.NewScanner(conn)
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				if _, err := node.Publish("all", append([]byte(nil), lines.Bytes()...)); err != nil {
					log.Print(err)
				}
			}
		}()
	}
}
