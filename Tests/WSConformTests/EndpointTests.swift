import Testing
import WSConform
import WSLink
import WSScenario

@Suite struct `An endpoint of a run` {
    @Test(
        arguments: [
            ("127.0.0.1:9001", .tcp(host: "127.0.0.1", port: 9001)),
            ("ws://localhost:0/", .tcp(host: "localhost", port: 0)),
            ("[::1]:80", .tcp(host: "::1", port: 80)), ("::1:80", nil), ("127.0.0.1", nil), ("127.0.0.1:", nil),
            ("127.0.0.1:65536", nil), ("[127.0.0.1]:1", nil), ("a b:1", nil), ("", nil),
            ("unix:/run/app.sock", .unixSocket(path: "/run/app.sock")),
            ("unix:///a b:c%20", .unixSocket(path: "/a b:c%20")),
            ("ws+unix:///a%20b:/", .unixSocket(path: "/a b")), ("ws+unix:///a:/path", nil), ("unix:a", nil),
            ("unix://a/b", nil), ("unix:/a/", nil),
        ] as [(String, Endpoint?)]
    )
    func `Is read as a user writes where to listen`(text: String, endpoint: Endpoint?) {
        #expect(Endpoint(listening: text) == endpoint)
    }

    @Test func `Tells what carries the connections`() {
        #expect(Transport(over: .tcp(host: "::1", port: 80)) == .tcp)
        #expect(Transport(over: .unixSocket(path: "/run/app.sock")) == .unixSocket)
    }

    @Test func `Of a fuzzing server is that of the spec, or all addresses of the machine`() throws {
        for (url, host) in [("ws://127.0.0.1:9001", "127.0.0.1"), ("wss://localhost:9001/path", "localhost")] {
            let isSecure = url.hasPrefix("wss")
            let named = ListeningAddress(.tcp(host: host, port: 9001), isSecure: isSecure)
            #expect(try SpecAddress.listening(at: url) == named)
            let anywhere = ListeningAddress(.tcp(host: "0.0.0.0", port: 9001), isSecure: isSecure)
            #expect(try SpecAddress.listening(at: url, onAllAddresses: true) == anywhere)
        }
        let socket = try SpecAddress.listening(at: "unix:///run/app.sock", onAllAddresses: true)
        #expect(socket.endpoint == .unixSocket(path: "/run/app.sock"))
    }
}
