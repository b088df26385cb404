// swift-tools-version: 6.3
import PackageDescription

/// Settings of every target: strict language, strict memory safety, no warning survives.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let nio: Package.Dependency = .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2"))
/// What our HTTP/2 is compared with, in tests, in fuzzing and in measurements.
let nioHTTP2: Package.Dependency = .package(
    url: "https://github.com/apple/swift-nio-http2",
    .upToNextMinor(from: "1.46.0")
)
let system: Package.Dependency = .package(url: "https://github.com/apple/swift-system", .upToNextMinor(from: "1.8.1"))

/// A module under `Sources/`; `Tests/ArchitectureTests` compares these lists with every `import` line.
func module(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// SwiftNIO's frame decoder in a channel of its own.
let nioDecoder: [Target.Dependency] = ["NIOCore", "NIOEmbedded", "NIOWebSocket"].map {
    .product(name: $0, package: "swift-nio")
}

/// SwiftNIO's HTTP/2 in a channel of its own.
let nioHTTP2Handler: [Target.Dependency] =
    ["NIOCore", "NIOEmbedded"].map { .product(name: $0, package: "swift-nio") }
    + ["NIOHPACK", "NIOHTTP2"].map { .product(name: $0, package: "swift-nio-http2") }

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    resources: [Resource] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: settings
    )
}

/// The commit that reports name, for builds that are told: `WSCONFORM_COMMIT=$(git rev-parse HEAD) swift build`.
let commit = Context.environment["WSCONFORM_COMMIT"].flatMap { $0.allSatisfy(\.isHexDigit) && !$0.isEmpty ? $0 : nil }

/// zlib; that of the system, or on Linux the archive `libz.a`, so that programs need no zlib where they run.
let zlib: [LinkerSetting] =
    Context.environment["WSCONFORM_STATIC_ZLIB"] == nil
    ? [.linkedLibrary("z")]
    : [
        .unsafeFlags(["-Xlinker", "-l:libz.a"], .when(platforms: [.linux])),
        .linkedLibrary("z", .when(platforms: [.macOS])),
    ]

let package = Package(
    name: "wsconform",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "WSConform", targets: ["WSConform"]),
        .library(name: "WSProtocol", targets: ["WSProtocol"]),
        .library(name: "WSDeflate", targets: ["WSDeflate"]),
        .executable(name: "wsconform", targets: ["WSCommand"]),
        .executable(name: "wsconform-vectors", targets: ["VectorTool"]),
        .library(name: "wsconform-fuzz", type: .static, targets: ["WSFuzzABI"]),
    ],
    dependencies: [
        nio,
        nioHTTP2,
        .package(url: "https://github.com/apple/swift-nio-ssl", .upToNextMinor(from: "2.37.6")),
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        // Without its trait: what it adds for Foundation would bring all of Foundation.
        .package(url: "https://github.com/swiftlang/swift-subprocess", .upToNextMinor(from: "1.0.2"), traits: []),
        system,
    ],
    targets: [
        // Every bound of the tool.
        module("WSLimits"),

        // JSON that people write.
        module("WSJSON", ["WSLimits"]),

        // The codec: standard library only, so that others can embed it.
        module("WSKernels"),
        module("WSDeflate", ["WSLimits"]),
        module("WSProtocol", ["WSDeflate", "WSKernels", "WSLimits"]),
        module("WSHTTP2", ["WSLimits"]),

        // Compressing, which zlib does.
        .systemLibrary(
            name: "CZlib",
            path: "Sources/WSCompression/CZlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .target(
            name: "WSCompression",
            dependencies: ["CZlib"],
            exclude: ["CZlib"],
            swiftSettings: settings,
            linkerSettings: zlib
        ),

        // What is tested: vocabulary, then the scenarios written in it.
        module("WSScenario", ["WSDeflate", "WSProtocol", "WSKernels", "WSLimits"]),
        module(
            "WSCatalogue",
            ["WSScenario", "WSDeflate", "WSHTTP2", "WSProtocol", "WSKernels"],
            resources: [
                .embedInCode("requirements.json"), .embedInCode("exercised.tsv"), .embedInCode("exercised-clients.tsv"),
                .embedInCode("digest.txt"), .embedInCode("chapters.tsv"),
            ]
        ),

        // How it is tested: the port, its adapter over SwiftNIO, the step machine.
        module("WSLink"),
        // HTTP/2 between a link and the machines on its streams.
        module("WSHTTP2Link", ["WSHTTP2", "WSLimits", "WSLink"]),
        module(
            "WSTransport",
            [
                "WSLimits", "WSLink",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        // TLS, which BoringSSL does.
        module(
            "WSTransportTLS",
            [
                "WSLink", "WSTransport", "WSKernels",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        module("WSTranscript", ["WSKernels", "WSLimits"]),
        module(
            "WSRunner",
            [
                "WSDeflate", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels", "WSLink", "WSLimits",
                "WSCompression",
            ]
        ),

        module(
            "WSProcess",
            [
                "WSLimits", "WSLink", "WSRunner", "WSTranscript",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),

        // Who receives clients under test: Autobahn's control interface, and the page for browsers.
        module(
            "WSControl",
            [
                "WSHTTP2", "WSHTTP2Link", "WSLimits", "WSLink", "WSRunner", "WSScenario", "WSTranscript", "WSProtocol",
                "WSKernels",
            ],
            resources: [.embedInCode("Page/index.html")]
        ),

        // What came of it: verdicts, the report, its renderings.
        module(
            "WSJudge",
            ["WSDeflate", "WSHTTP2", "WSLimits", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels"]
        ),
        module("WSReport", ["WSJudge", "WSKernels", "WSLimits", "WSScenario"]),
        module("WSGate", ["WSJudge", "WSKernels", "WSReport"]),
        module(
            "WSRender",
            ["WSGate", "WSJudge", "WSKernels", "WSLimits", "WSReport", "WSScenario"],
            resources: [.embedInCode("Page/report.css"), .embedInCode("Page/report.js")]
        ),

        // The built-in target.
        module(
            "WSModelPeer",
            ["WSCompression", "WSDeflate", "WSHTTP2Link", "WSProtocol", "WSKernels", "WSLink"]
        ),

        // The spec files of Autobahn|Testsuite.
        module("WSAutobahnSpec", ["WSJSON", "WSLimits"]),

        // What hammers a parser, and what knows whether it was right.
        module("WSFuzzing", ["WSDeflate", "WSHTTP2", "WSProtocol", "WSKernels", "WSLimits"]),
        .target(name: "CWSFuzz", path: "Fuzz/C"),
        .target(
            name: "FuzzMutator",
            dependencies: ["CWSFuzz", "WSFuzzing", "WSKernels"],
            path: "Fuzz/Mutator",
            swiftSettings: settings
        ),
        module(
            "WSToolFuzzing",
            [
                "WSFuzzing", "WSProtocol", "WSScenario", "WSCatalogue", "WSLink", "WSTranscript", "WSRunner", "WSJudge",
                "WSReport", "WSRender", "WSModelPeer", "WSControl", "WSKernels", "WSRunFolder", "WSAutobahnSpec",
                "WSGate",
            ]
        ),
        // What zlib makes of a message.
        .target(
            name: "ZlibReference",
            dependencies: ["CZlib", "WSFuzzing"],
            path: "Fuzz/Zlib",
            swiftSettings: settings,
            linkerSettings: zlib
        ),
        // What SwiftNIO makes of a connection.
        .target(
            name: "NIOHTTP2Reference",
            dependencies: ["WSFuzzing", "WSHTTP2"] + nioHTTP2Handler,
            path: "Fuzz/HTTP2",
            swiftSettings: settings
        ),
        module("WSFuzzABI", ["CWSFuzz", "FuzzMutator", "WSFuzzing", "WSProtocol"]),
        // What attacks a live peer; it plays nothing itself.
        module(
            "WSLiveFuzzing",
            ["WSCatalogue", "WSFuzzing", "WSJudge", "WSKernels", "WSLimits", "WSProtocol", "WSScenario"]
        ),

        // Any JSON, for the tool that checks vectors and for tests.
        .target(name: "JSONTree", path: "Vectors/JSON", swiftSettings: settings),
        .executableTarget(
            name: "VectorTool",
            dependencies: [
                "JSONTree", "WSCatalogue", "WSCompression", "WSDeflate", "WSFuzzing", "WSHTTP2", "WSKernels",
                "WSProtocol", "WSRunner", "WSScenario", "WSToolFuzzing",
            ],
            path: "Vectors/Tool",
            swiftSettings: settings
        ),

        .target(
            name: "CWSBuild",
            path: "Sources/WSRunFolder/Build",
            cSettings: commit.map { [.define("WSCONFORM_COMMIT", to: "\"\($0)\"")] } ?? []
        ),
        .target(
            name: "WSRunFolder",
            dependencies: [
                "CWSBuild", "WSCatalogue", "WSJudge", "WSKernels", "WSLimits", "WSProtocol", "WSReport", "WSRunner",
                "WSScenario", "WSTranscript", .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Build"],
            swiftSettings: settings
        ),
        .target(
            name: "WSConform",
            dependencies: [
                "WSAutobahnSpec", "WSCatalogue", "WSControl", "WSGate", "WSHTTP2Link", "WSJudge", "WSKernels",
                "WSLimits", "WSLink", "WSLiveFuzzing", "WSModelPeer", "WSProcess",
                "WSProtocol", "WSRender", "WSReport", "WSRunFolder", "WSRunner", "WSScenario", "WSTranscript",
                "WSTransport", "WSTransportTLS",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "WSCommand",
            dependencies: [
                "WSAutobahnSpec", "WSCatalogue", "WSConform", "WSGate", "WSJSON", "WSJudge", "WSKernels", "WSLimits",
                "WSLink", "WSModelPeer", "WSProtocol",
                "WSRender", "WSReport", "WSRunFolder", "WSRunner", "WSScenario", "WSTranscript", "WSTransport",
                "WSTransportTLS", "WSProcess",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),

        // Codec and model peer by themselves.
        .target(
            name: "TestSupport",
            dependencies: ["JSONTree", "WSFuzzing", "WSKernels", "WSProtocol"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        // Judgements in words, for tests that keep them.
        .target(
            name: "JudgeTestSupport",
            dependencies: ["WSJudge", "WSKernels"],
            path: "Tests/JudgeTestSupport",
            swiftSettings: settings
        ),
        tests(
            "MutationTests",
            [
                "WSCatalogue", "WSHTTP2Link", "WSJudge", "WSKernels", "WSLink", "WSModelPeer", "WSProtocol", "WSReport",
                "WSRunner", "WSScenario", "WSTranscript", "JudgeTestSupport", "PeerTestSupport", "TestSupport",
            ],
            exclude: ["Golden"]
        ),
        tests(
            "WSModelPeerTests",
            [
                "WSCompression", "WSDeflate", "WSHTTP2", "WSHTTP2Link", "WSKernels", "WSLink", "WSModelPeer",
                "WSProtocol", "WSRunner", "WSScenario", "WSTranscript", "TestSupport",
            ]
        ),
        tests(
            "WSCatalogueTests",
            ["WSCatalogue", "WSDeflate", "WSKernels", "WSProtocol", "WSScenario", "TestSupport"],
            exclude: ["Golden", "autobahn-compression.json", "autobahn-facts.json"]
        ),
        tests("ArchitectureTests", ["TestSupport", "WSJudge", "WSProtocol"], exclude: ["Golden"]),
        tests(
            "WSFuzzingTests",
            [
                "CWSFuzz", "NIOHTTP2Reference", "WSDeflate", "WSFuzzABI", "WSFuzzing", "WSKernels", "WSProtocol",
                "WSToolFuzzing", "ZlibReference", "TestSupport",
            ]
        ),
        tests(
            "WSLiveFuzzingTests",
            [
                "JSONTree", "WSCatalogue", "WSJudge", "WSLimits", "WSLink", "WSLiveFuzzing", "WSModelPeer",
                "WSProtocol",
                "WSKernels", "WSRunFolder", "WSRunner", "WSScenario", "WSTranscript", "PeerTestSupport", "TestSupport",
            ]
        ),
        tests("WSLimitsTests", ["WSLimits", "TestSupport"]),
        tests("WSKernelsTests", ["WSFuzzing", "WSKernels", "TestSupport"]),
        tests(
            "WSDeflateTests",
            ["WSDeflate", "WSKernels", "WSLimits", "TestSupport"],
            resources: [.embedInCode("zlib-streams.tsv")],
            exclude: ["make-zlib-streams"]
        ),
        tests(
            "WSHTTP2Tests",
            ["NIOHTTP2Reference", "WSFuzzing", "WSHTTP2", "WSKernels", "WSLimits", "TestSupport"],
            resources: [.embedInCode("hpack-examples.tsv")]
        ),
        tests("WSCompressionTests", ["WSCompression", "WSDeflate", "WSKernels", "TestSupport"]),
        tests("WSProtocolTests", ["WSDeflate", "WSFuzzing", "WSProtocol", "WSKernels", "TestSupport"]),

        // Report, renderings, command line.
        tests(
            "WSReportTests",
            ["JSONTree", "WSJudge", "WSLimits", "WSProtocol", "WSReport", "WSScenario", "TestSupport"]
        ),
        tests(
            "WSRenderTests",
            ["WSJudge", "WSKernels", "WSLimits", "WSRender", "WSReport", "WSScenario", "TestSupport"],
            exclude: ["Golden"]
        ),
        tests("WSGateTests", ["JSONTree", "WSGate", "WSJudge", "WSLimits", "WSReport", "WSScenario", "TestSupport"]),
        tests("WSAutobahnSpecTests", ["WSAutobahnSpec", "WSLimits", "TestSupport"]),
        tests(
            "WSConformTests",
            [
                "WSConform", "WSLink", "WSModelPeer", "WSProtocol", "WSReport", "WSRunner", "WSScenario",
                "WSTransport", "TestSupport",
            ]
        ),
        tests(
            "CommandTests",
            [
                "JSONTree", "WSCommand", "WSConform", "WSJSON", "WSRunFolder", "WSCatalogue", "WSJudge", "WSLimits",
                "WSProtocol", "WSRender", "WSReport",
                "WSScenario",
                "WSTranscript",
                "WSLink", "WSModelPeer", "WSTransport", "PeerTestSupport", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"]
        ),

        // Vocabulary, transcript, runner, judge: peers that do what they are told, in memory and over loopback.
        .target(
            name: "PeerTestSupport",
            dependencies: [
                "WSControl", "WSHTTP2Link", "WSLink", "WSProtocol", "WSKernels", "WSRunner", "WSScenario",
                "WSTranscript", "WSModelPeer", "WSCatalogue",
            ],
            path: "Tests/PeerTestSupport",
            swiftSettings: settings
        ),
        tests("WSScenarioTests", ["WSScenario", "WSProtocol", "WSKernels", "TestSupport"]),
        tests("WSLinkTests", ["WSLink"]),
        tests(
            "WSHTTP2LinkTests",
            [
                "WSCatalogue", "WSHTTP2", "WSHTTP2Link", "WSJudge", "WSLimits", "WSLink", "WSModelPeer", "WSProtocol",
                "WSRunner", "WSScenario", "WSTranscript", "PeerTestSupport", "TestSupport",
            ]
        ),
        tests("WSTransportTLSTests", ["WSTransportTLS", "TestSupport"]),
        tests(
            "WSControlTests",
            [
                "WSControl", "WSHTTP2", "WSHTTP2Link", "WSLink", "WSModelPeer", "WSRunner", "WSScenario",
                "WSTranscript", "WSProtocol", "WSKernels", "WSTransport", "TestSupport",
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests("WSTranscriptTests", ["WSLimits", "WSTranscript", "TestSupport"]),
        tests(
            "WSRunnerTests",
            [
                "WSDeflate", "WSRunner", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels", "WSLink", "WSJudge",
                "WSCatalogue", "WSModelPeer", "WSLimits", "PeerTestSupport", "TestSupport",
            ]
        ),
        tests(
            "WSProcessTests",
            [
                "WSProcess", "WSLimits", "WSLink", "WSTransport", "WSTranscript", "WSCommand",
            ]
        ),
        tests(
            "WSJudgeTests",
            [
                "WSDeflate", "WSHTTP2", "WSJudge", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels",
                "WSCatalogue", "JudgeTestSupport", "TestSupport",
            ],
            resources: [.embedInCode("autobahn-verdicts.tsv")],
            exclude: ["Golden"]
        ),
        tests(
            "LoopbackTests",
            [
                "WSTransport", "WSTransportTLS", "WSRunner", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels",
                "WSLink", "WSJudge", "WSCatalogue", "WSModelPeer", "WSConform", "WSReport", "PeerTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),

        // A peer of the interop tests: the echo server that a user of SwiftNIO's NIOWebSocket would write.
        .executableTarget(
            name: "nio-echo-server",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            path: "Tests/Interop/NIOEchoServer",
            swiftSettings: settings
        ),
        // The same as a client.
        .executableTarget(
            name: "nio-echo-client",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            path: "Tests/Interop/NIOEchoClient",
            swiftSettings: settings
        ),
    ]
)

// Comparisons with other decoders: only where they are asked for, because they need Debian's libwslay-dev.
if Context.environment["WSCONFORM_BENCHMARK"] != nil {
    package.targets += [
        .systemLibrary(name: "CWslay", path: "Tests/Benchmarks/CWslay"),
        .executableTarget(
            name: "benchmark-decoders",
            dependencies: [
                "CWslay", "WSCompression", "WSDeflate", "WSHTTP2", "WSKernels", "WSProtocol", "ZlibReference",
            ] + nioDecoder + nioHTTP2Handler,
            path: "Tests/Benchmarks/Decoders",
            swiftSettings: settings
        ),
    ]
}

// The fuzz targets: only where they are asked for, because each of them gets its `main` from libFuzzer.
if Context.environment["WSCONFORM_FUZZ"] != nil {
    let fuzzSettings = settings + [.unsafeFlags(["-parse-as-library"])]

    // Whatever else has a `main`, and the tests, stay out, so that one `swift build` makes all fuzz targets; SwiftPM
    // would also build the tools of packages that nothing here needs.
    package.dependencies = [nio, nioHTTP2, system]
    let apart: Set<String> = [
        "TestSupport", "PeerTestSupport", "WSTransport", "WSTransportTLS", "WSProcess", "WSConform",
    ]
    package.targets.removeAll { [.executable, .test].contains($0.type) || apart.contains($0.name) }
    package.products = [.library(name: "wsconform-fuzz", type: .static, targets: ["WSFuzzABI"])]

    func fuzzTarget(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: "fuzz-\(name)",
            dependencies: ["FuzzHarness"] + dependencies,
            path: "Fuzz/Targets/\(name)",
            swiftSettings: fuzzSettings
        )
    }

    package.targets += [
        .target(
            name: "FuzzHarness",
            dependencies: ["WSFuzzing"],
            path: "Fuzz/Harness",
            swiftSettings: settings
        ),
        fuzzTarget("frames", ["FuzzMutator", "WSFuzzing"]),
        fuzzTarget("differential", ["FuzzMutator", "WSFuzzing"]),
        fuzzTarget("sequences", ["WSFuzzing"]),
        fuzzTarget("text", ["WSFuzzing"]),
        fuzzTarget("heads", ["WSFuzzing"]),
        fuzzTarget("extensions", ["WSFuzzing"]),
        fuzzTarget("deflate", ["WSFuzzing", "ZlibReference"]),
        fuzzTarget("hpack", ["NIOHTTP2Reference", "WSFuzzing"]),
        fuzzTarget("http2", ["NIOHTTP2Reference", "WSFuzzing"]),
        fuzzTarget("engine", ["WSToolFuzzing"]),
        fuzzTarget("reports", ["WSToolFuzzing"]),
        fuzzTarget("runfolder", ["WSToolFuzzing"]),
        fuzzTarget("control", ["WSToolFuzzing"]),
        fuzzTarget("files", ["WSToolFuzzing"]),
        .executableTarget(
            name: "fuzz-nio",
            dependencies: ["CWSFuzz", "WSFuzzABI"] + nioDecoder,
            path: "Fuzz/Adapters/nio",
            swiftSettings: fuzzSettings
        ),
    ]
}
