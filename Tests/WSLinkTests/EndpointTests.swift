import Testing
import WSLink

@Suite struct `An endpoint` {
    @Test(
        arguments: [
            (Endpoint.tcp(host: "127.0.0.1", port: 9001), "127.0.0.1:9001", 9001),
            (.tcp(host: "localhost", port: 0), "localhost:0", 0),
            (.tcp(host: "::1", port: 80), "[::1]:80", 80),
            (.unixSocket(path: "/run/app.sock"), "unix:/run/app.sock", nil),
            (.unixSocket(path: "app.sock"), "unix:app.sock", nil),
        ] as [(Endpoint, String, Int?)]
    )
    func `Reads as a user would write it`(endpoint: Endpoint, text: String, port: Int?) {
        #expect(endpoint.description == text)
        #expect(endpoint.port == port)
    }
}
