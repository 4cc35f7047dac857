module peers-client

go 1.26.0
