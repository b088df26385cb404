import TestSupport
import Testing
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
