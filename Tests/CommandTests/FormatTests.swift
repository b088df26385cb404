import Foundation
import Testing
import WSRender
import WSRunFolder

@Suite("Forms in which a run is written")
struct FormatTests {
    /// Runs one case against a server that fails it.
    private func failing(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> Program.Result {
        let echo = try Program.start(["echo", "--port", "0", "--defect", "masks-frames"])
        defer { echo.interrupt() }
        let address = echo.line().replacing("listening on ", with: "")
        return try await Program.run(
            ["server", address, "--cases", "ping/empty", "--quiet"] + arguments,
            environment: environment
        )
    }

    @Test("Every form is written beside the report, and render writes the same files from it")
    func same() async throws {
        try await Program.withFolder { folder in
            let (run, again) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "again"))
            let formats = Renderers.all.map { $0.name }.joined(separator: ",")
            #expect(try await failing(["--out", run, "--format", formats]).status == 1)
            let render = ["render", run, "--format", formats, "--format", "junit", "--out", again]
            #expect(try await Program.run(Array(render)).status == 0)
            let files = try FileManager.default.contentsOfDirectory(atPath: again)
            #expect(files.count >= Renderers.all.count)
            for file in files {
                let (first, second) = (FileSystem.join(run, file), FileSystem.join(again, file))
                #expect(try FileSystem.read(first) == FileSystem.read(second), "\(file)")
            }
            #expect(FileSystem.exists(FileSystem.join(run, "report.json")))
            #expect(try !FileManager.default.contentsOfDirectory(atPath: run).contains { $0.hasSuffix(".partial") })
        }
    }

    @Test("Forms that are not asked for do not stay beside the report of another run; other files do")
    func earlier() async throws {
        try await Program.withFolder { folder in
            let (run, again) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "again"))
            func files(_ folder: String) throws -> Set<String> {
                Set(try FileManager.default.contentsOfDirectory(atPath: folder))
            }
            let formats = Renderers.all.map { $0.name }.joined(separator: ",")
            let kept: Set = ["report.json", "transcripts"]
            #expect(try await failing(["--out", run, "--format", formats]).status == 1)
            for renderer in Renderers.all { #expect(try files(run).contains(renderer.file.name)) }
            #expect(try await Program.run(["judge", run, "--out", again, "--format", formats]).status == 1)
            #expect(try files(again).count == files(run).count)

            let passing = ["server", "--embedded", "--cases", "ping/empty", "--quiet", "--out", run]
            let junit = try await Program.run(passing + ["--format", "junit"])
            #expect(junit.status == 0 && junit.error == "")
            #expect(try files(run) == kept.union(["junit.xml"]))
            #expect(try await Program.run(["judge", run, "--out", again, "--quiet"]).status == 0)
            #expect(try files(again) == kept)

            // What others wrote stays, whatever its name.
            for renderer in Renderers.all {
                try FileSystem.replace(FileSystem.join(run, renderer.file.name), with: Array("# mine\n".utf8))
            }
            #expect(try await Program.run(passing).status == 0)
            #expect(try files(run) == kept.union(Renderers.all.map { $0.file.name }))
        }
    }

    @Test("A form that cannot be written is one line and status 2; the report and the findings stay")
    func unwritable() async throws {
        try await Program.withFolder { folder in
            try FileSystem.createFolder(FileSystem.join(folder, "junit.xml.partial/a"))
            let format = ["--format", "junit", "--out", folder]
            let embedded = try await Program.run(["server", "--embedded", "--cases", "ping/empty"] + format)
            #expect(embedded.status == 2)
            #expect(embedded.error.split(separator: "\n").count == 1, "\(embedded.error)")
            #expect(embedded.error.contains("junit.xml.partial: cannot be"))
            #expect(embedded.output.contains("1 pass"))
            #expect(FileSystem.exists(FileSystem.join(folder, "report.json")))
            #expect(try await failing(format).status == 1)
            let rendered = try await Program.run(["render", folder] + format)
            #expect(rendered.status == 2)
            #expect(rendered.error.split(separator: "\n").count == 1, "\(rendered.error)")
        }
    }

    @Test("In a job of GitHub Actions findings become annotations and a part of its summary")
    func job() async throws {
        try await Program.withFolder { folder in
            let summary = FileSystem.join(folder, "summary")
            try FileSystem.replace(summary, with: Array("before\n".utf8))
            let job = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary]
            let out = ["--out", FileSystem.join(folder, "run")]
            let result = try await failing(out, environment: job)
            #expect(result.status == 1)
            let lines = result.output.split(separator: "\n")
            #expect(lines.first?.hasPrefix("::error title=fail RFC 6455") == true, "\(result.output)")
            #expect(lines.last?.hasPrefix("1 case") == true)
            let text = try String(decoding: FileSystem.read(summary), as: UTF8.self)
            #expect(text.hasPrefix("before\n## ❌ "))
            // Outside of a job there is neither.
            #expect(try await failing(out).output.split(separator: "\n").count == 1)
            #expect(try String(decoding: FileSystem.read(summary), as: UTF8.self) == text)
        }
    }

    @Test("A summary that cannot be written is one line, and the run is as without it")
    func unwritableSummary() async throws {
        try await Program.withFolder { folder in
            let job = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": folder]
            let words = ["server", "--embedded", "--cases", "ping/empty", "--quiet", "--out", folder]
            let result = try await Program.run(words, environment: job)
            #expect(result.status == 0)
            #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            #expect(result.error.contains("GITHUB_STEP_SUMMARY"))
        }
    }

    @Test("A peer's name in the output of a job is no command")
    func named() async throws {
        try await Program.withFolder { folder in
            let words = [
                "server", "--embedded", "--cases", "ping/empty", "--out", folder, "--agent", "::error::a ##[error]b",
            ]
            let result = try await Program.run(words, environment: ["GITHUB_ACTIONS": "true"])
            #expect(result.output.hasPrefix("\\u{3A}:error::a ##\\u{5B}error]b"), "\(result.output)")
        }
    }
}
