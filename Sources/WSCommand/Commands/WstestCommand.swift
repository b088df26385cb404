import ArgumentParser
import WSAutobahnSpec
import WSConform
import WSLimits
import WSReport
import WSRunFolder
import WSScenario

/// The command `wsconform wstest`.
struct WstestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wstest",
        abstract: "Do what Autobahn's wstest does, with its spec files and reports.",
        discussion: """
            wsconform wstest -m fuzzingclient -s fuzzingclient.json
            wsconform wstest -m fuzzingserver -s fuzzingserver.json --gate

            The modes fuzzingclient, fuzzingserver, echoserver and testeeserver are carried out; the others name the \
            command that replaces them. Without -s, MODE.json is read, and written where it is missing.

            index.json, index.html and the files of each case go to the spec's outdir, below the working folder; \
            report.json and the transcripts stand below outdir/wsconform. Without --gate, the exit status is 0 whatever \
            the verdicts, 2 where a server could not be tested at all, and 64 for a spec that is broken or selects nothing.

            wstest's other options are accepted, and say so where they have no effect.
            """
    )

    @Option(
        name: .shortAndLong,
        help: "What to do, as with wstest: \(WstestMode.done.joined(separator: ", ")).",
        completion: .list(WstestMode.done)
    )
    var mode: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The spec file.", valueName: "file"), completion: .json)
    var spec: String?

    @Option(
        name: [.customShort("w"), .customLong("wsuri")],
        help: ArgumentHelp("The server, where the spec names none; where an echo server listens.", valueName: "url")
    )
    var address: String?

    @Flag(help: "Exit with 1 if a case fails and with 2 if one is inconclusive, and print each failure.")
    var gate = false

    @Option(help: "Whose judgement counts with --gate; the files always have Autobahn's.")
    var profile = Profile.autobahn

    @Option(help: "How much is sent: as much as wstest (full) or less; the same cases run either way.")
    var effort = Effort.full

    @Option(
        name: .customLong("jobs"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Conversations in flight with a server, 1 to 256; by default four for each core, at most 16.",
            valueName: "number"
        )
    )
    var wantedJobs: Int?

    @Option(
        help: ArgumentHelp("The folder for the reports, in place of the spec's outdir.", valueName: "folder"),
        completion: .directory
    )
    var out: String?

    @Flag(help: "Listen on all addresses, as wstest does, whatever host is named: what a container has to do.")
    var allAddresses = false

    @Flag(help: "Print only the last line, and trouble.")
    var quiet = false

    @Flag(help: "Print without colour.")
    var noColor = false

    @OptionGroup
    var others: OtherWstestOptions

    func validate() throws {
        let jobs = wantedJobs ?? DefaultJobs.count
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs \(jobs) is out of range; give a number from 1 to 256")
        }
        guard out?.isEmpty != true else { throw ValidationError("--out is empty; name a folder") }
        guard spec?.isEmpty != true else { throw ValidationError("--spec is empty; name a file") }
        switch try chosenMode() {
        case .fuzzing: break
        case .echo:
            guard let address else { throw ValidationError("\(mode) needs -w, such as -w ws://127.0.0.1:9001") }
            try usage { () throws(SpecError) in
                _ = try SpecAddress.tls(
                    SpecAddress.listening(at: address, onAllAddresses: allAddresses),
                    certificate: others.cert,
                    key: others.key
                )
            }
        case .replaced(let line): throw ValidationError(line)
        }
    }

    func run() async throws {
        for line in others.notes(in: mode) { Console.tell(line) }
        switch try chosenMode() {
        case .fuzzing(.client): try await testServers()
        case .fuzzing(.server): try await testClients()
        case .echo: try await serveEcho()
        case .replaced(let line): throw ValidationError(line)
        }
    }

    private func chosenMode() throws -> WstestMode {
        guard let mode = WstestMode(named: mode) else {
            throw ValidationError("wstest has no mode '\(mode)'; give \(WstestMode.done.joined(separator: ", "))")
        }
        return mode
    }

    // MARK: - Modes

    private func testServers() async throws {
        var spec = try readSpec(for: .client)
        // The address counts only where the file has no server, as with wstest.
        if spec.servers.isEmpty, let address { spec.servers = [.init(url: address, options: spec.options)] }
        let test = try usage(file(for: .client)) { () throws(SpecError) in
            try SpecServerTest(spec, settings: settings(spec, .client))
        }
        let monitor = ConsoleMonitor(showsProgress: !quiet)
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let results = try await test.run(monitor: monitor, stoppedBy: stop) { line in
            if !quiet { Console.out(line + "\n") }
        }
        let status = try deliver(results.finished, untested: results.untested, to: test.folder, monitor)
        signals.cancel()
        let isWhole = results.untested.isEmpty && !results.wasStopped
        throw ExitCode((isWhole ? status : status.withTrouble).rawValue)
    }

    private func testClients() async throws {
        var spec = try readSpec(for: .server)
        spec.certificate = others.cert ?? spec.certificate
        spec.key = others.key ?? spec.key
        let test = try usage(file(for: .server)) { () throws(SpecError) in
            try SpecClientTest(spec, settings: settings(spec, .server), onAllAddresses: allAddresses)
        }
        let monitor = ConsoleMonitor(showsProgress: !quiet)
        _ = try OpenFiles.provide(forJobs: DefaultJobs.count) { monitor.note($0) }
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let finished = try await test.run(monitor: monitor, stoppedBy: stop) { address in
            if let file = address.authorities { Console.tell("the certificate is signed by the authority in \(file)") }
            Console.out("listening on \(address.url), \(test.scenarios.all.count) cases; end it with Ctrl-C\n")
        }
        let status = try deliver(finished, to: test.folder, monitor)
        signals.cancel()
        if finished.isEmpty { Console.tell("no client has played a case") }
        throw ExitCode((finished.isEmpty ? status.withTrouble : status).rawValue)
    }

    private func serveEcho() async throws {
        let (listening, tls) = try usage { () throws(SpecError) in
            let listening = try SpecAddress.listening(at: address ?? "", onAllAddresses: allAddresses)
            return (listening, try SpecAddress.tls(listening, certificate: others.cert, key: others.key))
        }
        try await EchoCommand.serve(
            at: listening.endpoint,
            called: address ?? "",
            tls: tls,
            mend: "choose another address with -w"
        )
    }

    // MARK: - Parts

    /// The name of the spec file.
    private func file(for mode: FuzzingMode) -> String { spec ?? "\(mode.rawValue).json" }

    private func readSpec(for mode: FuzzingMode) throws -> AutobahnSpec {
        let file = file(for: mode)
        if spec == nil, !FileSystem.exists(file) {
            let text = AutobahnSpec.standard(for: mode, url: address ?? "ws://127.0.0.1:9001")
            try FileSystem.replace(file, with: Array(text.utf8))
            Console.tell("\(file) was not there, and is written for all cases; edit it, or name another with -s")
        }
        let octets: [UInt8]
        do throws(FileError) {
            octets = try FileSystem.read(file, limit: Limits.specFile)
        } catch {
            throw ValidationError("\(error)")
        }
        let spec = try usage(file) { () throws(SpecError) in try AutobahnSpec(octets, for: mode) }
        for note in spec.notes { Console.tell("\(file): \(note)") }
        return spec
    }

    private func settings(_ spec: AutobahnSpec, _ mode: FuzzingMode) -> RunSettings {
        var settings = RunSettings(out: out ?? spec.outdir ?? AutobahnSpec.defaultFolder(of: mode))
        settings.jobs = wantedJobs ?? DefaultJobs.count
        settings.effort = effort
        settings.profile = profile
        return settings
    }

    /// Writes all reports and prints what came of it.
    ///
    /// - Returns: The exit status; that of success without --gate, unless something could not be written.
    private func deliver(
        _ finished: [FinishedRun],
        untested: [Report] = [],
        to folder: AutobahnFolder,
        _ monitor: ConsoleMonitor
    ) throws -> ExitStatus {
        var statuses: [ExitStatus] = []
        for run in finished {
            let status = run.deliver(monitor) { isWritten in
                guard gate else { return }
                Console.summarise(run, isWritten: isWritten, out: run.folder.path, quiet: quiet, noColour: noColor)
            }
            statuses.append(status)
        }
        try folder.write(finished.map(\.autobahnReport), untested: untested)
        let lines = finished.map(\.autobahnLine) + untested.map(\.untestedLine) + ["reports: \(folder.indexPath)"]
        Console.out((quiet ? Array(lines.suffix(1)) : lines).joined(separator: "\n") + "\n")
        return gate ? ExitStatus.worst(statuses) : .asExpected
    }

    /// Makes an error about a spec one of usage, with the name of the file.
    private func usage<Result>(
        _ file: String? = nil,
        _ body: () throws(SpecError) -> Result
    ) throws -> Result {
        do throws(SpecError) {
            return try body()
        } catch {
            throw ValidationError(file.map { "\($0): \(error)" } ?? "\(error)")
        }
    }
}

/// The options of wstest that have no effect here; each says so in a line.
struct OtherWstestOptions: ParsableArguments {
    @Option(name: [.customShort("u"), .customLong("webport")], parsing: .unconditional, help: .hidden)
    var webPort: Int?

    @Option(name: .shortAndLong, help: .hidden)
    var key: String?

    @Option(name: .shortAndLong, help: .hidden)
    var cert: String?

    @Option(name: .shortAndLong, help: .hidden)
    var ident: String?

    @Option(name: [.customShort("o"), .customLong("outfile")], help: .hidden)
    var outFile: String?

    @Option(name: [.customShort("t"), .customLong("testset")], help: .hidden)
    var testSet: String?

    @Flag(name: .shortAndLong, help: .hidden)
    var debug = false

    /// One line for each option that has no effect.
    func notes(in mode: String) -> [String] {
        var notes: [String] = []
        if let webPort, webPort != 0, mode == "fuzzingserver" {
            notes.append("-u \(webPort) is not used: the page for browsers is at the address of the spec's url itself")
        } else if let webPort, webPort != 0 {
            notes.append("-u \(webPort) is not used: there is no page on a second port")
        }
        for (option, value) in [("-k", key), ("-c", cert)] where value != nil && mode == "fuzzingclient" {
            notes.append("\(option) is not used in the mode \(mode)")
        }
        for (option, value) in [("-i", ident), ("-o", outFile), ("-t", testSet)] where value != nil {
            notes.append("\(option) is not used in the mode \(mode)")
        }
        return notes
    }
}
