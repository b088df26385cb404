import ArgumentParser
import Testing
import WSCommand

extension CommandLineTests {
    /// A path of 108 octets, one more than a socket may have.
    private static let longPath = "/" + String(repeating: "x", count: 107)

    private static let ofUnixSockets: [(line: String, message: String)] = [
        (
            "server ws+unix://\(longPath):/",
            "unix:\(longPath) cannot be connected to: its path has 108 octets, and that of a socket at most 107; shorten it"
        ),
        (
            "client --listen unix:\(longPath)",
            "The value 'unix:\(longPath)' is invalid for '--listen <host:port>': its path has 108 octets, and that of a "
                + "socket at most 107; shorten it"
        ),
        (
            "echo --listen unix:app.sock",
            "The value 'unix:app.sock' is invalid for '--listen <host:port>': 'unix:app.sock' is no address to listen on; "
                + "write the absolute path of a Unix socket: unix:///PATH/OF/SOCKET"
        ),
        (
            "echo --listen 9001",
            "The value '9001' is invalid for '--listen <host:port>': '9001' is no address to listen on; write HOST:PORT, "
                + "such as 127.0.0.1:9001, or unix:///PATH/OF/SOCKET"
        ),
        ("echo --listen 127.0.0.1:0 --port 1", "--listen names host and port; drop --host and --port"),
        (
            "client --listen unix:/a -- browser {page}",
            "{page} is for browsers, which open no Unix socket; give --listen HOST:PORT"
        ),
        (
            "client -- curl --unix-socket {socket}",
            "{socket} is the path of a Unix socket; give one with --listen unix:///PATH"
        ),
    ]

    private static let ofRoutes: [(line: String, message: String)] = [
        (
            "server ws+unix:///a --proxy p:1",
            "--proxy leads to no Unix socket; drop it, or give the address of a host"
        ),
        ("server ws://a --rate 0", "--rate 0 is out of range; give a number from 1 to 10000"),
        ("server --embedded --proxy p:1", "--embedded is reached without a proxy; drop --proxy"),
        (
            "server ws://a --proxy socks5://u:s3cret@p:1",
            "--proxy cannot be used: a proxy of socks5://, which is not spoken; only http:// with CONNECT is"
        ),
        (
            "server ws://a --proxy http://u:s3cret@p:x",
            "--proxy cannot be used: its port is no number from 1 to 65535; write http://[USER:PASSWORD@]HOST:PORT"
        ),
        (
            "server ws+unix:///a --connect-to b:1",
            "--connect-to needs the name of a host in the address; write ws://HOST/PATH"
        ),
        (
            "server --embedded --connect-to b:1",
            "--connect-to needs an address whose name is spoken to; write ws://HOST/PATH before it"
        ),
        (
            "server ws://a --connect-to a:80:b:80",
            "The value 'a:80:b:80' is invalid for '--connect-to <host:port>': 'a:80:b:80' is no place to connect to; "
                + "write HOST:PORT, or unix:///PATH/OF/SOCKET"
        ),
        (
            "server ws://a --connect-to b:0",
            "The value 'b:0' is invalid for '--connect-to <host:port>': 'b:0' is no place to connect to; write HOST:PORT, or "
                + "unix:///PATH/OF/SOCKET"
        ),
    ]

    @Test("Wrong usage of ways to a server is one line that names culprit and mend, and status 64")
    func routes() async throws {
        for (line, message) in Self.ofRoutes {
            let error = try #require(await error(line.split(separator: " ").map(String.init)))
            #expect(Wsconform.message(of: error) == message)
            #expect(Wsconform.exitCode(for: error).rawValue == 64)
        }
    }

    @Test("Wrong usage of Unix sockets is one line that names culprit and mend, and status 64")
    func unixSockets() async throws {
        for (line, message) in Self.ofUnixSockets {
            let error = try #require(await error(line.split(separator: " ").map(String.init)))
            #expect(Wsconform.message(of: error) == message)
            #expect(Wsconform.exitCode(for: error).rawValue == 64)
        }
    }
}
