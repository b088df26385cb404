import TestSupport
import Testing
import WSConform
import WSLink
import WSRunner
import WSTransport

@Suite struct `A proxy` {
    @Test(
        arguments: [
            ("http://proxy.example:3128", "http://proxy.example:3128", nil),
            ("10.0.0.1:8080/", "http://10.0.0.1:8080", nil),
            ("http://[::1]:1", "http://[::1]:1", nil), ("HTTP://proxy", "http://proxy:80", nil),
            ("[::1]", "http://[::1]:80", nil),
            ("http://Aladdin:open%20sesame@p:1", "http://***@p:1", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("http://me:p@ss:word@p:1", "http://***@p:1", "Basic bWU6cEBzczp3b3Jk"),
            ("me@p:1", "http://***@p:1", "Basic bWU6"),
        ] as [(String, String, String?)]
    )
    func `Is read as a user writes it, and shown without credentials`(
        text: String,
        shown: String,
        authorization: String?
    ) throws {
        let proxy = try ProxyAddress(text)
        #expect(proxy.masked == shown && proxy.tunnel.authorization == authorization)
    }

    @Test(
        arguments: [
            (
                "https://u:s3cret@p:1", "a proxy of https://, which is not spoken; only http:// with CONNECT is"
            ),
            ("socks5://p:1", "a proxy of socks5://, which is not spoken; only http:// with CONNECT is"),
            ("http://u:s3cret@p:0", "its port is no number from 1 to 65535; write http://[USER:PASSWORD@]HOST:PORT"),
            ("http://u:s3cret@", "it has no valid host; write http://[USER:PASSWORD@]HOST:PORT"),
            ("http://a b:1", "it has no valid host; write http://[USER:PASSWORD@]HOST:PORT"),
            ("http://p:1/path", "its port is no number from 1 to 65535; write http://[USER:PASSWORD@]HOST:PORT"),
            ("http://***@p:1", "the *** stands for credentials that reports leave out; write them"),
            (
                "http://u:%zz@p:1",
                "its credentials have a % that begins no escape, or a colon in the user; write "
                    + "http://[USER:PASSWORD@]HOST:PORT"
            ),
        ]
    )
    func `Of another form is refused without showing its password`(text: String, line: String) {
        let error = #expect(throws: RunTrouble.self) { _ = try ProxyAddress(text) }
        #expect(error?.description == line)
    }

    @Test func `Of the environment is that for HTTPS first, in lower case first`() throws {
        let all = [
            "https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1", "http_proxy": "http://c:1",
            "HTTP_PROXY": "http://d:1",
            "all_proxy": "http://e:1", "ALL_PROXY": "http://f:1",
        ]
        var left = all
        for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            let found = try ProxyEnvironment(left).proxy(forHost: "x.example", port: 80)
            #expect(found?.variable == name && (found?.address.masked).map { [$0] } == all[name].map { [$0] })
            left[name] = name == "https_proxy" ? "" : nil
        }
        let none = try ProxyEnvironment(left).proxy(forHost: "x.example", port: 80)
        #expect(none == nil)
    }

    @Test func `Of the environment that cannot be used is told with its variable`() {
        let error = #expect(throws: RunTrouble.self) {
            _ = try ProxyEnvironment(["HTTP_PROXY": "socks5://p:1"]).proxy(forHost: "x.example", port: 80)
        }
        let line = "a proxy of socks5://, which is not spoken; only http:// with CONNECT is"
        #expect(error?.description == "the variable HTTP_PROXY: \(line), or connect directly with --proxy none")
    }

    @Test func `Is not used for what NO_PROXY excepts`() async {
        let rows: [(list: String, host: String, isExcepted: Bool)] = [
            ("*", "a.example", true), ("", "a.example", false), ("example", "a.example", true),
            (".example", "a.example", true),
            ("*.example", "a.example", true), ("a.example", "A.Example.", true),
            ("b.example, a.example", "a.example", true),
            ("b.example a.example", "a.example", true), ("ample", "a.example", false),
            ("x.a.example", "a.example", false),
            ("a.example:9001", "a.example", true), ("a.example:80", "a.example", false), ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.10", false), ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false),
            ("10.128.0.0/9", "10.127.0.1", false), ("10.128.0.0/9", "10.200.0.1", true),
            ("10.0.0.0/33", "10.0.0.1", false),
            ("0.0.0.0/0", "10.0.0.1", true), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true), ("[fd00::1]:9001", "fd00::1", true), ("[fd00::1]:80", "fd00::1", false),
            ("fd00:0::1", "fd00::1", true), ("10.0.0.0/8", "a.example", false), ("10.0.0.0/x", "10.0.0.1", false),
            (".", "a.example", false), (",, ,", "a.example", false),
        ]
        await Sweep.each(of: rows.map { "\($0.list)|\($0.host)|\($0.isExcepted)" }) { row in
            let parts = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let isExcepted = ProxyEnvironment.excepts(parts[0], host: parts[1], port: 9001)
            #expect("\(isExcepted)" == parts[2], "\(row)")
        }
    }

    @Test(
        arguments: [
            ("ws://localhost:1", nil, nil, false), ("ws://a.localhost", nil, nil, false),
            ("ws://127.9.9.9", nil, nil, false),
            ("ws://[::1]:1", nil, nil, false), ("ws://[::ffff:127.0.0.1]", nil, nil, false),
            ("ws+unix:///a", nil, nil, false), ("ws://192.0.2.1", nil, nil, true),
            ("ws://[2001:db8::1]", nil, nil, true),
            ("ws://192.0.2.1", Endpoint.tcp(host: "127.0.0.1", port: 1), nil, false),
            ("ws://localhost", Endpoint.tcp(host: "192.0.2.1", port: 1), nil, true),
            ("ws://192.0.2.1", Endpoint.unixSocket(path: "/a"), nil, false),
            ("ws://localhost", nil, "192.0.2.1:1", true),
            ("ws://localhost", nil, "127.0.0.1:1", false),
        ] as [(String, Endpoint?, String?, Bool)]
    )
    func `And the place of a target decide whether connections leave this machine`(
        address: String,
        place: Endpoint?,
        proxy: String?,
        isRemote: Bool
    ) async throws {
        var route = Route()
        route.connectTo = place
        route.proxy = try proxy.map { try ProxyAddress($0) }
        let found = await route.isRemote(to: try TargetURL(address))
        #expect(found == isRemote)
    }

    @Test func `Of the environment is taken for remote targets alone, and only where the user names none`() throws {
        let environment = ["HTTPS_PROXY": "http://u:s3cret@p:1"]
        let target = try TargetURL("ws://192.0.2.1:9001")
        var route = Route()
        #expect(try route.takeProxy(for: target, isRemote: true, of: environment) == nil && route.proxy == nil)
        route.takesProxyOfEnvironment = true
        #expect(try route.takeProxy(for: target, isRemote: false, of: environment) == nil && route.proxy == nil)
        let line = try route.takeProxy(for: target, isRemote: true, of: environment)
        #expect(line == "connections go through the proxy http://***@p:1 of HTTPS_PROXY; --proxy none goes directly")
        #expect(route.proxy?.masked == "http://***@p:1")
    }
}
