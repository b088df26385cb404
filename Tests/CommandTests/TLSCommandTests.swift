import Foundation
import Testing
import WSReport
import WSRunFolder

/// `wss://` as a user has it: the certificate of a run, both roles, and what is left of it afterwards.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct `TLS on the command line` {
    /// The address and the authority that a server says.
    private func said(_ running: Program.Running) throws -> (url: String, authority: String) {
        let url = running.line().replacingOccurrences(of: "listening on ", with: "")
        let mark = "its certificate is signed by the authority in "
        let line = running.line()
        let authority = try #require(line.firstRange(of: mark).map { String(line[$0.upperBound...]) }, "\(line)")
        return (url, authority)
    }

    @Test func `A server is tested with the authority that it names, and its keys go with it`() async throws {
        try await Program.withFolder { folder in
            let running = try Program.start(["echo", "--port", "0", "--tls"])
            let (url, authority) = try said(running)
            #expect(url.hasPrefix("wss://127.0.0.1:"))
            let made = FileSystem.folder(of: authority)
            let files = try FileManager.default.contentsOfDirectory(atPath: made)
            let keys = try files.filter { name in
                let text = try String(contentsOfFile: FileSystem.join(made, name), encoding: .utf8)
                return text.contains("PRIVATE KEY")
            }
            #expect(files.contains("ca.pem") && keys.isEmpty, "a key in a file would survive whoever is killed")
            let rights = try FileManager.default.attributesOfItem(atPath: made)[.posixPermissions] as? Int
            #expect(rights == 0o700)

            let words = ["server", url, "--cases", "ping/*", "--quiet", "--out", folder]
            let trusted = try await Program.run(words + ["--ca", authority])
            #expect(trusted.status == 0 && trusted.error == "", "\(trusted.error)")
            let tls = try RunFolder(path: folder).readReport().options.tls
            #expect(tls?.ca == authority && tls?.insecure == nil)
            let security = try #require(try RunFolder(path: folder).readReport().peer.security)
            #expect(security.version == "TLS 1.3" && security.applicationProtocol == "http/1.1")
            #expect(security.certificate?.names == ["localhost", "127.0.0.1", "::1"])
            #expect(security.certificate?.verification == .authorities && security.certificate?.digest.count == 64)
            let line = "TLS 1.3, \(security.cipher ?? ""), http/1.1, certificate for localhost, 127.0.0.1, ::1 until "
            let forms = ["--ca", authority, "--format", "markdown,html"]
            let loud = try await Program.run(words.filter { $0 != "--quiet" } + forms)
            let written = try ["summary.md", "report.html"].map {
                try String(contentsOfFile: FileSystem.join(folder, $0), encoding: .utf8)
            }
            for text in [loud.output] + written {
                #expect(
                    text.contains(line) && text.contains(", verified by the authorities that were given"),
                    "\(text)"
                )
            }

            let untrusted = try await Program.run(words)
            #expect(untrusted.status == 2 && untrusted.error.contains("its certificate for localhost, 127.0.0.1"))
            #expect(untrusted.error.contains("--ca FILE"))
            let missing = try await Program.run(words + ["--ca", "/nope"])
            #expect(missing.status == 2)
            #expect(missing.error == "wsconform: /nope: cannot be opened: no such file or directory; check the path\n")
            let insecure = try await Program.run(words + ["--insecure"])
            #expect(insecure.status == 0)
            #expect(try RunFolder(path: folder).readReport().options.tls?.insecure == true)
            let plain = try await Program.run(["server", url.replacing("wss://", with: "ws://")] + words.dropFirst(2))
            #expect(plain.status == 2 && plain.error.contains("With TLS its address is wss://"), "\(plain.error)")

            running.interrupt()
            #expect(await running.result().status == 0)
            #expect(!FileSystem.exists(made))
        }
    }

    @Test(arguments: [SIGQUIT, SIGTERM])
    func `A signal that ends it leaves nothing behind`(signal: Int32) async throws {
        let running = try Program.start(["echo", "--port", "0", "--tls"])
        let made = FileSystem.folder(of: try said(running).authority)
        running.send(signal)
        #expect(await running.result().status == 0)
        #expect(!FileSystem.exists(made))
    }

    @Test func `The model client passes over TLS`() async throws {
        try await Program.withFolder { folder in
            let words = ["client", "--embedded", "--listen", "wss://127.0.0.1:0", "--cases", "ping/*", "--out", folder]
            let result = try await Program.run(words + ["--cases", "handshake/request/address-*", "--quiet"])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.peer.url.hasPrefix("wss://") && report.summary.fail == 0 && report.summary.pass > 20)
            #expect(report.peer.security?.version == "TLS 1.3" && report.peer.security?.certificate == nil)
            #expect(report.options.listen == "wss://127.0.0.1:0")
        }
    }

    @Test func `A command finds the authority in its environment`() async throws {
        try await Program.withFolder { folder in
            let script = #"""
                echo "$WSCONFORM_CA_FILE $SSL_CERT_FILE $NODE_EXTRA_CA_CERTS $0" >&2; test -s "$SSL_CERT_FILE"
                """#
            let words = ["client", "--listen", "wss://localhost:0", "--cases", "ping/empty", "--out", folder]
            let result = try await Program.run(words + ["--quiet", "--", "sh", "-c", script, "{url}"])
            let said = "\(result.output)\(result.error)"
            let pattern = /(\/[^ ]+\/ca\.pem) (\S+) (\S+) wss:\/\/127\.0\.0\.1:\d+\//
            let authority = try #require(said.firstMatch(of: pattern), "\(said)")
            #expect(authority.1 == authority.2 && authority.2 == authority.3)
            #expect(!FileSystem.exists(String(authority.1)))
        }
    }

    @Test func `Without openssl both mends are named`() async throws {
        try await Program.withFolder { folder in
            let result = try await Program.run(["echo", "--port", "0", "--tls"], environment: ["PATH": folder])
            #expect(result.status == 2 && result.error.split(separator: "\n").count == 1, "\(result.error)")
            #expect(result.error.contains("without the program openssl; install it, or give one with --cert and --key"))
        }
    }

    @Test func `Certificates of the user's own are shown, and files that are none are told`() async throws {
        try await Program.withFolder { folder in
            let (certificate, key) = (FileSystem.join(folder, "c.pem"), FileSystem.join(folder, "k.pem"))
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            openssl.arguments =
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-keyout", key, "-out", certificate, "-subj", "/CN=x", "-days", "2"]
                + ["-addext", "subjectAltName=IP:127.0.0.1"]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            let running = try Program.start(["echo", "--port", "0", "--tls", "--cert", certificate, "--key", key])
            let url = running.line().replacingOccurrences(of: "listening on ", with: "")
            let words = ["server", url, "--cases", "ping/*", "--quiet", "--out", folder, "--ca", certificate]
            #expect(try await Program.run(words).status == 0)
            running.interrupt()
            _ = await running.result()

            let swapped = try await Program.run(["echo", "--port", "0", "--tls", "--cert", key, "--key", certificate])
            #expect(swapped.status == 2 && swapped.error.contains("k.pem holds no certificate in PEM form"))
        }
    }
}
