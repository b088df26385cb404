import TestSupport
import Testing
import WSLink
import WSRunner

@Suite struct `An address` {
    @Test(
        arguments: [
            ("ws://127.0.0.1", "127.0.0.1", 80, "/"), ("ws://127.0.0.1:", "127.0.0.1", 80, "/"),
            ("WS://LocalHost:9001/a?b=c", "LocalHost", 9001, "/a?b=c"),
            ("ws://a_b.example-1.:00080?q", "a_b.example-1.", 80, "/?q"),
            ("ws://[::1]:1/", "::1", 1, "/"), ("ws://[::ffff:127.0.0.1]", "::ffff:127.0.0.1", 80, "/"),
            ("ws://[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8", 80, "/"), ("ws://[1::8]", "1::8", 80, "/"),
            ("ws://[::]", "::", 80, "/"),
            ("ws://[1:2:3:4:5:6:7::]", "1:2:3:4:5:6:7::", 80, "/"),
            ("ws://1.2.3.4.example", "1.2.3.4.example", 80, "/"),
        ]
    )
    func `is read as browsers read it`(text: String, host: String, port: Int, resource: String) throws {
        let url = try TargetURL(text)
        #expect(url.host == host && url.port == port && url.resourceName == resource)
    }

    @Test
    func `can say that HTTP/2 is spoken without TLS`() throws {
        let url = try TargetURL("H2C+ws://[::1]:9001/a?b=c")
        #expect(url.isHTTP2 && !url.isSecure && url.scheme == "h2c+ws" && url.hostField == "[::1]:9001")
        #expect(url.endpoint == .tcp(host: "::1", port: 9001) && url.resourceName == "/a?b=c")
        #expect(try TargetURL("h2c+ws://localhost").port == 80)
        #expect(try !TargetURL("ws://localhost").isHTTP2)
        #expect(throws: TargetURLError.self) { _ = try TargetURL("h2c+wss://localhost") }
        #expect(throws: TargetURLError.self) { _ = try TargetURL("h2c+ws://") }
    }

    @Test
    func `whose host is a number in another form is refused, as it would lead elsewhere`() async {
        await Sweep.each(of: [
            "ws://1.2.3", "ws://1", "ws://127.1", "ws://2130706433", "ws://0x7f.0.0.1", "ws://0x7f000001",
            "ws://0177.0.0.1",
            "ws://127.0.0.01", "ws://1.2.3.4.5", "ws://256.0.0.1", "ws://1.2.3.4.", "ws://example.0x", "ws://example.1",
        ]) { text in
            #expect {
                _ = try TargetURL(text)
            } throws: { error in
                "\(error)".contains("IPv4 address") && "\(error)".contains("write four decimal numbers")
            }
        }
    }

    @Test
    func `whose IPv6 address is none is refused`() async {
        await Sweep.each(of: [
            "ws://[:::::]", "ws://[1:2:3:4:5:6:7]", "ws://[1:2:3:4:5:6:7:8:9]", "ws://[1::2::3]", "ws://[12345::]",
            "ws://[::1.2.3]", "ws://[::g]", "ws://[:1:2:3:4:5:6:7]", "ws://[1:2:3:4:5:6:7:]", "ws://[]", "ws://[::1",
            "ws://[::1%25lo]",
            "ws://[::1]9001", "ws://[1:2:3:4:5:6:7::8]", "ws://[1.2.3.4::]", "ws://::1",
        ]) { text in
            #expect(throws: TargetURLError.self) { _ = try TargetURL(text) }
        }
    }

    @Test(
        arguments: [
            "ws://127.0.0.1:+1", "ws://127.0.0.1:-1", "ws://127.0.0.1:0", "ws://127.0.0.1:65536", "ws://127.0.0.1:1e3",
            "ws://127.0.0.1:0x50", "ws://127.0.0.1: 80", "ws://127.0.0.1:000080", "ws://127.0.0.1:80:80", "ws://a:٨٠",
        ]
    )
    func `whose port is not a number in digits is refused`(text: String) {
        #expect(throws: TargetURLError.self) { _ = try TargetURL(text) }
    }

    @Test(
        arguments: [
            ("ws+unix:///run/app.sock:/a?b=c", "/run/app.sock", "/a?b=c"),
            ("ws+unix:///run/app.sock", "/run/app.sock", "/"),
            ("WS+UNIX:/run/app.sock:", "/run/app.sock", "/"), ("ws+unix:///a:?q", "/a", "/?q"),
            ("ws+unix:///a?q:r", "/a", "/?q:r"), ("ws+unix:///a%20b%3Ac%25:/:", "/a b:c%", "/:"),
            ("ws+unix:///%C3%A9", "/é", "/"),
        ]
    )
    func `of a Unix socket has a path of the socket and one of the request`(
        text: String,
        path: String,
        resource: String
    ) throws {
        let url = try TargetURL(text)
        #expect(url.endpoint == .unixSocket(path: path) && url.resourceName == resource)
        #expect(url.hostField == "localhost" && url.authority == "unix:\(path)")
        let again = try TargetURL(url.endpoint.addressBase + url.resourceName)
        #expect(again.endpoint == url.endpoint && again.resourceName == resource)
    }

    private static let noText = "has escapes in its socket's path that are no UTF-8 without NUL; write % itself as %25"

    @Test(
        arguments: [
            ("ws+unix://run/app.sock", "has no absolute path of a socket; write ws+unix:///run/app.sock"),
            ("ws+unix:", "has no absolute path of a socket; write ws+unix:///PATH/OF/SOCKET:/"),
            ("ws+unix:///run/", "names a folder in place of a socket; write ws+unix:///PATH/OF/SOCKET:/"),
            (
                "ws+unix:///run/app.sock:80",
                "has '80' behind the path of its socket; a colon separates it from the path of the request, and is %3A "
                    + "within it"
            ),
            ("ws+unix:///a%0", noText), ("ws+unix:///a%00b", noText), ("ws+unix:///a%FF", noText),
            ("unix:/run/app.sock", "is not a WebSocket address; write ws+unix:///run/app.sock:/"),
            ("unix:///run/app.sock:/x", "is not a WebSocket address; write ws+unix:///run/app.sock:/x"),
            ("/run/app.sock", "is not a WebSocket address; write ws+unix:///run/app.sock:/"),
            ("unix:/run/", "is not a WebSocket address; write ws+unix:///PATH/OF/SOCKET:/"),
        ]
    )
    func `of a Unix socket that has another form is refused with the right one`(text: String, problem: String) {
        let error = #expect(throws: TargetURLError.self) { _ = try TargetURL(text) }
        #expect(error?.description == "'\(text)' \(problem)")
    }

    @Test
    func `that others read in another way is refused`() async {
        await Sweep.each(of: [
            "ws://", "ws:///path", "ws://user@a", "ws://u:p@a", "ws://a\\@b", "ws://a\\b", "ws://a%41", "ws://a b",
            "ws://a..b",
            "ws://-\n", "ws://a<b", "ws://a|b", "ws://a^b", "ws://.", "ws://a/\\b", "ws:/a", "ws:a", "ws://a#b",
            "ws://é",
            "ws://\(String(repeating: "a", count: 64)).b",
        ]) { text in
            #expect(throws: TargetURLError.self) { _ = try TargetURL(text) }
        }
    }
}
