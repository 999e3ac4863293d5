module github.com/aruminium-go/aruminium/bench

go 1.25.0

require github.com/aruminium-go/aruminium v0.0.0

require github.com/ebitengine/purego v0.11.3

replace github.com/aruminium-go/aruminium => ../
