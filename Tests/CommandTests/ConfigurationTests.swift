import ArgumentParser
import Foundation
import TestSupport
import Testing
import WSCommand
import WSJSON
import WSLimits

@Suite("A configuration file")
struct ConfigurationTests {
    /// What the file says for a command.
    private func read(
        _ text: String,
        for command: String = "server",
        in folder: String = "",
        _ environment: [String: String] = [:]
    ) throws(JSONError) -> Configuration? {
        try ConfigurationReader.read(
            Array(text.utf8),
            in: folder,
            for: command,
            among: Invocation.configurable,
            environment: environment
        )
    }

    /// The arguments that the file stands for.
    private func arguments(
        _ text: String,
        for command: String = "server",
        in folder: String = "",
        _ environment: [String: String] = [:]
    ) throws -> [String] {
        try #require(try read(text, for: command, in: folder, environment)).settings.flatMap(\.arguments)
    }

    private static let whole = """
        {
          "$schema": "https://example.org/config-1.schema.json",
          "server": {
            "url": "ws://127.0.0.1:${PORT}/chat",
            "command": ["node", "server.js", "${PORT}"],
            "headers": {"Authorization": "Bearer ${TOKEN}", "X-Price": "$${5}"},
            "cookies": {"session": "${TOKEN}"},
            "subprotocol": ["chat", "v2"],
            "cases": "closing/*",
            "jobs": 4, "timeout": 2.5, "peer-limit": "64M",
            "strict": true, "quiet": false,
            "baseline": "wsconform-baseline.json", "out": "/reports",
            "format": ["html", "junit"], "exclude": []
          },
          "client": {"command": ["node", "client.js", "{url}"], "driver": true, "timeout": "never"}
        }
        """

    @Test("Its keys are options, and its values theirs")
    func mapping() throws {
        let environment = ["PORT": "9001", "TOKEN": "t0ken"]
        #expect(
            try arguments(Self.whole, in: "ci", environment) == [
                "ws://127.0.0.1:9001/chat", "node", "server.js", "${PORT}", "--header=Authorization: Bearer t0ken",
                "--header=X-Price: ${5}", "--cookie=session=t0ken", "--subprotocol=chat", "--subprotocol=v2",
                "--cases=closing/*", "--jobs=4", "--timeout=2.5", "--peer-limit=64M", "--strict",
                "--baseline=ci/wsconform-baseline.json", "--out=/reports", "--format=html", "--format=junit",
            ]
        )
        // What the environment lacks for another command does not matter.
        let client = try arguments(Self.whole, for: "client")
        #expect(client == ["node", "client.js", "{url}", "--driver", "--timeout=never"])
        #expect(try arguments(Self.whole, environment).contains("--baseline=wsconform-baseline.json"))
        #expect(try read("{\"client\": {}}") == nil)
    }

    @Test("Every option of the help is a key, but for those of the command line alone")
    func keys() {
        for options in Invocation.configurable {
            let help = Wsconform.helpMessage(for: options.command == "server" ? Self.server : Self.client, columns: 200)
            let named = help.matches(of: /^  --([a-z0-9-]+)/.anchorsMatchLineEndings()).map { String($0.output.1) }
            let other = Set(["config", "no-config", "supervise", "version", "debug", "defect", "list-defects"])
            let (positional, long) = (
                options.inFiles.filter(\.isPositional), options.inFiles.filter { !$0.isPositional }
            )
            #expect(named.count > 20 && Set(named).subtracting(other) == Set(long.map(\.name)))
            #expect(positional.map(\.name) == (options.command == "server" ? ["url", "command"] : ["command"]))
        }
    }

    private static var server: any ParsableCommand.Type { Wsconform.configuration.subcommands[0] }
    private static var client: any ParsableCommand.Type { Wsconform.configuration.subcommands[1] }

    @Test("The schema is that of the options, and takes what is taken")
    func schema() throws {
        #expect(Golden.difference(try ConfigurationSchema.text(), fromFile: ConfigurationSchema.path) == nil)
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let schema = try JSONSchema(Data(contentsOf: root.appending(path: ConfigurationSchema.path)))
        #expect(try schema.problems(of: Data(Self.whole.utf8)) == [])
        for text in [
            #"{"url": "ws://a"}"#, #"{"server": {"basline": "b"}}"#, #"{"server": {"jobs": true}}"#,
            #"{"server": {"command": "node"}}"#, #"{"server": {"command": []}}"#, #"{"server": {"headers": ["a"]}}"#,
            #"{"server": {"strict": 1}}"#, #"{"server": {"out": ["a"]}}"#, #"{"server": {"cases": [1]}}"#,
            #"{"server": {"effort": "most"}}"#, #"{"client": {"url": "ws://a"}}"#,
        ] {
            #expect(try !schema.problems(of: Data(text.utf8)).isEmpty, "\(text)")
        }
    }

    @Test("What is wrong with it is one line with the place, the culprit and the mend")
    func wrong() async {
        let long = "{\"server\": {\"agent\": \"\(String(repeating: "a", count: Limits.configurationFile.value))\"}}"
        let deep = String(repeating: "[", count: Limits.configurationDepth.value + 1)
        await Sweep.each(of: [
            ("", "line 1, column 1: the end of the file where a value should stand; this is no JSON"),
            ("[]", "line 1, column 1: the file is a list; write an object in braces"),
            (long, "line 1, column 1: the file exceeds \(Limits.configurationFile)"),
            (deep, "it exceeds \(Limits.configurationDepth)"),
            (#"{"$schema": 1}"#, "'$schema' is a number; write a string"),
            (#"{"url": "ws://a"}"#, "line 1, column 2: 'url' is no section; put it into \"server\": {…}"),
            (#"{"servers": {}}"#, "'servers' is no section; did you mean 'server'?"),
            (#"{"x": {}}"#, "'x' is no section; there are \"server\" and \"client\""),
            (#"{"server": 1}"#, "'server' is a number; write an object in braces"),
            (
                #"{"server": {"jobs": 1, "jobs": 2}}"#,
                "line 1, column 24: the key 'jobs' is there twice; drop one of them"
            ),
            (#"{"server": {"failOn": "must"}}"#, "there is no key 'server.failOn'; did you mean 'fail-on'?"),
            (#"{"client": {"jbos": 1}}"#, "there is no key 'client.jbos'; did you mean 'jobs'?"),
            (#"{"client": {"url": "ws://a"}}"#, "the keys are the options in wsconform help client"),
            (#"{"server": {"supervise": true}}"#, "a \"command\" is supervised without it; drop it"),
            (#"{"server": {"config": "x"}}"#, "it makes sense on the command line alone; drop it"),
            (#"{"server": {"url": 3}}"#, "line 1, column 20: 'server.url' is a number; write a string"),
            (
                #"{"server": {"url": "--embedded"}}"#,
                "'server.url' begins with a hyphen; drop it"
            ),
            (#"{"server": {"jobs": null}}"#, "'server.jobs' is null; write a number"),
            (#"{"server": {"jobs": [1]}}"#, "'server.jobs' is a list; write one value"),
            (
                #"{"server": {"seed": 9007199254740994}}"#,
                "'server.seed' is too large for a number of JSON; write it in quotes"
            ),
            (#"{"server": {"quiet": "yes"}}"#, "'server.quiet' is a string; write true or false"),
            (#"{"server": {"cases": [[]]}}"#, "an element of 'server.cases' is a list; write a string"),
            (#"{"server": {"command": "node"}}"#, "'server.command' is a string; write the words of the command"),
            (#"{"server": {"command": []}}"#, "'server.command' is empty; write the words of the command"),
            (#"{"server": {"headres": {}}}"#, "there is no key 'server.headres'; did you mean 'headers'?"),
            (#"{"server": {"command": [1]}}"#, "a word of 'server.command' is a number; write a string"),
            (#"{"server": {"headers": "a"}}"#, "'server.headers' is a string; write an object of names and values"),
            (#"{"server": {"headers": {"a:b": "c"}}}"#, "a name in 'server.headers' has a colon; drop it"),
            (#"{"server": {"headers": {"a": 1}}}"#, "'server.headers.a' is a number; write a string"),
            (#"{"server": {"cookies": {"a=b": "c"}}}"#, "a name in 'server.cookies' has an equals sign; drop it"),
            (#"{"server": {"out": "a\u0000b"}}"#, "'server.out' has a NUL character; drop it"),
            (
                #"{"server": {"agent": "${A"}}"#,
                "'server.agent' has ${ without }; write $${ for the characters themselves"
            ),
            (#"{"server": {"agent": "${A-1}"}}"#, "'${A-1}' in 'server.agent' names no variable; write ${NAME}"),
            (#"{"server": {"agent": "${A}"}}"#, "the variable A, which 'server.agent' needs, is not set; export it"),
            (
                #"{"server": {"agent": "${EMPTY}"}}"#,
                "the variable EMPTY, which 'server.agent' needs, is empty; export it"
            ),
            (
                #"{"server": {"headers": {"A": "${LINE}"}}}"#,
                "the variable LINE, which 'server.headers.A' needs, ends with a line break; export it without"
            ),
            (
                #"{"server": {"url": "ws://a/?k=${CRLF}"}}"#,
                "the variable CRLF, which 'server.url' needs, ends with a line break; export it without"
            ),
        ]) { [self] text, words in
            let environment = ["EMPTY": "", "LINE": "s3cr3t\n", "CRLF": "s3cr3t\r\n"]
            let error = #expect(throws: JSONError.self) { _ = try read(text, environment) }
            let line = error?.description ?? ""
            #expect(!line.contains("s3cr3t"))
            #expect(line.contains(words) && line.hasPrefix("line 1, column ") && !line.contains("\n"), "\(line)")
        }
    }

    @Test("A file that is cut or damaged anywhere is read or refused, and nothing else happens")
    func damaged() async {
        let octets = Array(Self.whole.utf8)
        let environment = ["PORT": "9001", "TOKEN": "t0ken"]
        await Sweep.each(of: octets.indices) { [self] place in
            #expect(throws: JSONError.self) {
                _ = try read(String(decoding: octets[..<place], as: UTF8.self), environment)
            }
            guard place.isMultiple(of: 3) else { return }
            for octet: UInt8 in [0x22, 0x5C, 0x7B] {
                var other = octets
                other[place] = octet
                do throws(JSONError) {
                    _ = try ConfigurationReader.read(
                        other,
                        in: "",
                        for: "client",
                        among: Invocation.configurable,
                        environment: environment
                    )
                } catch {
                    #expect(error.description.hasPrefix("line "), "\(error)")
                }
            }
        }
    }

    @Test("Values of variables are told by their names, the longest first")
    func masked() throws {
        let text = #"{"server": {"agent": "${A} ${B} ${C}"}}"#
        let environment = ["A": "secret", "B": "secret-and-more", "C": "1"]
        let configuration = try #require(try read(text, environment))
        #expect(configuration.settings.map(\.values) == [["secret secret-and-more 1"]])
        #expect(configuration.masked("'secret-and-more', secret, 1") == "'${B}', ${A}, 1")
        // In a message of one line there are blanks in place of line breaks.
        let lines = try #require(try read(#"{"server": {"agent": "${A}"}}"#, ["A": "first-s3cr3t\r\nsecond-s3cr3t"]))
        for text in ["first-s3cr3t\r second-s3cr3t", "first-s3cr3t second-s3cr3t", "first-s3cr3t\r\nsecond-s3cr3t"] {
            let masked = lines.masked(text)
            #expect(masked.contains("${A}") && !masked.contains("s3cr3t"), "\(masked)")
        }
    }
}
