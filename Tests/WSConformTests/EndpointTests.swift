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
}
