import ArgumentParser
import TestSupport
import Testing
import WSCommand
import WSConform
import WSRender
import WSRunFolder

@Suite("The command line")
struct CommandLineTests {
    /// What the program says to these arguments when it does not begin to work.
    func error(_ arguments: [String]) async -> (any Error)? {
        do {
            var command = try await Wsconform.asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
            return nil
        } catch {
            return error
        }
    }

    /// Help is a command of its own, which ends by throwing what is to be printed.
    private func helpRequest(_ arguments: [String]) async -> (any Error)? {
        do {
            var command = try await Wsconform.asyncParseAsRoot(arguments)
            guard !(command is any AsyncParsableCommand) else { return nil }
            try command.run()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Help is as it was looked at",
        arguments: [
            "", "server", "client", "cases", "cases list", "cases show", "cases coverage", "judge", "render", "echo",
            "wstest", "doctor", "completions", "man", "baseline", "baseline init", "baseline update", "diff",
            "fuzz",
        ]
    )
    func help(command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let error = try #require(await helpRequest(words + ["--help"]))
        let text = Wsconform.fullMessage(for: error, columns: 100)
        let name = (["help"] + words).joined(separator: "-") + ".txt"
        #expect(Golden.difference(text + "\n", from: name) == nil)
        #expect(Wsconform.exitCode(for: error).rawValue == 0)
    }

    @Test("The version is one constant")
    func version() async throws {
        let error = try #require(await error(["--version"]))
        #expect(Wsconform.fullMessage(for: error) == ToolIdentity.version)
    }

    @Test(
        "Wrong usage is one line that names culprit and mend, and status 64",
        arguments: [
            (
                "server",
                "nothing to test; give an address such as ws://127.0.0.1:9001 or --embedded, or write wsconform.json with "
                    + #"{"server": {"url": "ws://127.0.0.1:9001"}}"#
            ),
            ("server --nonsense", "Unknown option '--nonsense'; see --help"),
            ("server ws://a --embedded", "'ws://a' and --embedded name two targets; drop one of them"),
            ("server http://a", "'http://a' is not a WebSocket address; write ws://a"),
            ("server 127.0.0.1:1/c?d", "'127.0.0.1:1/c?d' is not a WebSocket address; write ws://127.0.0.1:1/c?d"),
            ("server localhost", "'localhost' is not a WebSocket address; write ws://localhost"),
            ("server ftp://a:1", "'ftp://a:1' is not a WebSocket address; write ws://HOST[:PORT][/PATH]"),
            ("server server.js", "'server.js' is not a WebSocket address; write ws://HOST[:PORT][/PATH]"),
            (
                "server spec/fuzzingclient.json",
                "'spec/fuzzingclient.json' is a file; a spec of wstest is carried out by wsconform wstest -m "
                    + "fuzzingclient -s spec/fuzzingclient.json"
            ),
            (
                "server wss://a#b",
                "'wss://a#b' has a fragment, which a WebSocket address must not have; drop the # part"
            ),
            ("server https://a", "'https://a' is not a WebSocket address; write wss://a"),
            ("server ws://a --ca b.pem", "--ca is for a wss:// address; give one, or drop it"),
            ("server --embedded --insecure", "--insecure is for a wss:// address; give one, or drop it"),
            (
                "server wss://a --insecure --ca b.pem",
                "--insecure trusts any certificate, so --ca means nothing; drop one of them"
            ),
            ("server wss://a --client-key b.pem", "--client-key needs --client-cert, too; give both files"),
            (
                "server wss://a --server-name a/b",
                "--server-name 'a/b' is no name of a host; write one such as www.example"
            ),
            ("client --cert a.pem", "--cert is for TLS; listen with --listen wss://HOST:PORT, or drop it"),
            ("client --listen wss://a:1 --key a.pem", "--key needs --cert, too; give both files"),
            ("echo --key a.pem", "--key is for TLS; add --tls, or drop it"),
            ("server ws://a --nonsense", "Unknown option '--nonsense'; see --help"),
            ("server ws://a ws://b", "Unexpected argument 'ws://b'; see --help"),
            ("server ws://a --jobs 0", "--jobs 0 is out of range; give a number from 1 to 256"),
            ("server ws://a --jobs 257", "--jobs 257 is out of range; give a number from 1 to 256"),
            (
                "server ws://a --max-message 0",
                "--max-message 0 is out of range; give a size from 1 to 1G, such as 64M"
            ),
            (
                "server ws://a --peer-limit 2G",
                "--peer-limit 2G is out of range; give a size from 1 to 1G, such as 64M"
            ),
            (
                "server ws://a --max-message 2G",
                "--max-message 2G is out of range; give a size from 1 to 1G, such as 64M"
            ),
            (
                "server ws://a --max-message 64MB",
                "The value '64MB' is invalid for '--max-message <size>'; see --help"
            ),
            (
                "server ws://a --timeout 0",
                "--timeout 0 is out of range; give seconds, more than 0 and at most 86400, or never"
            ),
            (
                "server ws://a --timeout nan",
                "--timeout nan is out of range; give seconds, more than 0 and at most 86400, or never"
            ),
            (
                "server ws://a --header nonsense",
                "The value 'nonsense' is invalid for '--header <name: value>': no colon; write 'Name: value'"
            ),
            (
                "server ws://a --header Host:b",
                "The value 'Host:b' is invalid for '--header <name: value>': Host is not free; the address sets it"
            ),
            (
                "server ws://a --header Origin:b",
                "The value 'Origin:b' is invalid for '--header <name: value>': Origin is not free; use --origin"
            ),
            (
                "server ws://a --subprotocol a,b",
                "The value 'a,b' is invalid for '--subprotocol <name>': "
                    + "a subprotocol is one token, without blanks or commas; see --help"
            ),
            ("judge", "Missing expected argument '<folder>'; see --help"),
            ("judge run", "Missing expected argument '--out <folder>'; see --help"),
            ("render r.json --out o", "Missing expected argument '--format <formats> ...'; see --help"),
            (
                "render r.json --format junit,pdf --out o",
                "The value 'junit,pdf' is invalid for '--format <formats>': 'pdf' is no form of a report; name some of "
                    + Renderers.names
            ),
            (
                "server ws://a --format pdf",
                "The value 'pdf' is invalid for '--format <formats>': 'pdf' is no form of a report; name some of "
                    + Renderers.names
            ),
            ("render --format autobahn --out o", "Missing expected argument '<reports> ...'; see --help"),
            ("echo --port 65536", "--port 65536 is out of range; give a number from 0 to 65535"),
            ("echo --defect nonsense", "there is no defect 'nonsense'; --list-defects shows them all"),
            (
                "doctor ws://a --patience 61",
                "--patience 61.0 is out of range; give seconds, more than 0 and at most 60"
            ),
            ("doctor http://a", "'http://a' is not a WebSocket address; write ws://a"),
            ("doctor ws://a --ca b.pem", "--ca is for a wss:// address; give one, or drop it"),
            ("cases show", "Missing expected argument '<id>'; see --help"),
            ("nonsense", "Unexpected argument 'nonsense'; see --help"),
        ]
    )
    func usage(line: String, message: String) async throws {
        let error = try #require(await error(line.split(separator: " ").map(String.init)))
        #expect(Wsconform.message(of: error) == message)
        #expect(Wsconform.exitCode(for: error).rawValue == 64)
    }

    @Test(
        "A mistyped option is named, whatever its value was taken for",
        arguments: [
            ("server --embedded --jbos 3", "Unknown option '--jbos'. Did you mean '--jobs'?; see --help"),
            ("server --embedded -o folder", "Unknown option '-o'; see --help"),
            ("server --nonsense 3", "Unknown option '--nonsense'; see --help"),
            ("judge --profle autobahn run", "Unknown option '--profle'. Did you mean '--profile'?; see --help"),
            ("render r.json --formt html", "Unknown option '--formt'. Did you mean '--format'?; see --help"),
            ("servr", "there is no command 'servr'; did you mean 'server'?"),
            ("ws://a", "there is no command 'ws://a'; write wsconform server ws://a"),
            ("baseline inti", "there is no command 'inti'; did you mean 'init'?"),
            ("baseline nonsense", "there is no command 'nonsense'; there are init, update"),
            (
                "nonsense",
                "there is no command 'nonsense'; there are server, client, doctor, cases, judge, render, baseline, "
                    + "diff, echo, fuzz, wstest, completions, man"
            ),
            ("echo --defect mask-frames", "there is no defect 'mask-frames'; did you mean 'masks-frames'?"),
            (
                "server ws://a --format htlm",
                "The value 'htlm' is invalid for '--format <formats>': 'htlm' is no form of a report; did you mean 'html'?"
            ),
            (
                "server ws://a --require ehco",
                "The value 'ehco' is invalid for '--require <names>': 'ehco' cannot be required; did you mean 'echo'?"
            ),
            (
                "judge r --out o --fail-on-impact securty",
                "The value 'securty' is invalid for '--fail-on-impact <impacts>': 'securty' is no impact; did you mean "
                    + "'security'?"
            ),
            (
                "completions tcsh",
                "The value 'tcsh' is invalid for '<shell>'. Please provide one of 'bash', 'zsh' or 'fish'; see --help"
            ),
            ("cases list --jsn", "Unknown option '--jsn'. Did you mean '--json'?; see --help"),
        ]
    )
    func mistyped(line: String, message: String) async throws {
        let arguments = line.split(separator: " ").map(String.init)
        let error = try #require(await error(arguments))
        #expect(Wsconform.message(of: error, arguments: arguments) == message)
        #expect(Wsconform.exitCode(for: error).rawValue == 64)
    }

    @Test("Arguments behind -- belong to the command that is run")
    func behindTerminator() async throws {
        let arguments = ["server", "ws://a", "--supervise", "--embedded", "--", "node", "--jbos", "3"]
        let error = try #require(await error(arguments))
        let message = Wsconform.message(of: error, arguments: arguments)
        #expect(message == "'ws://a' and --embedded name two targets; drop one of them")
    }

    @Test(
        "Who writes what the parser does not take is told what to write instead",
        arguments: [
            (
                "client node client.js",
                "2 unexpected arguments: 'node', 'client.js'; write -- before the command: wsconform client -- COMMAND {url}"
            ),
            (
                "client ws://127.0.0.1:9001",
                "Unexpected argument 'ws://127.0.0.1:9001'; a client under test comes to the address of --listen; a server "
                    + "is tested with wsconform server"
            ),
            (
                "-m fuzzingclient -s fuzzingclient.json",
                "Unknown option '-m'; wstest's fuzzingclient is wsconform server ws://HOST:PORT --profile autobahn "
                    + "--only-autobahn --effort full"
            ),
            (
                "fuzzingserver",
                "Unexpected argument 'fuzzingserver'; wstest's fuzzingserver is wsconform client --profile autobahn "
                    + "--only-autobahn --effort full --driver -- COMMAND {url}"
            ),
            ("client --nonsense", "Unknown option '--nonsense'; see --help"),
        ]
    )
    func meant(line: String, message: String) async throws {
        let words = line.split(separator: " ").map(String.init)
        let error = try #require(await error(words))
        #expect(Wsconform.message(of: error, arguments: words) == message)
        #expect(Wsconform.exitCode(for: error).rawValue == 64)
    }
}
