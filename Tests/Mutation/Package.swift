// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// A package of its own, so that nobody who builds wsconform has to build swift-syntax.
let package = Package(
    name: "mutation",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/swiftlang/swift-syntax", .upToNextMinor(from: "603.0.1")),
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
    ],
    targets: [
        .target(
            name: "Mutator",
            dependencies: [
                .product(name: "SwiftOperators", package: "swift-syntax"),
                .product(name: "SwiftParser", package: "swift-syntax"),
                .product(name: "SwiftSyntax", package: "swift-syntax"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "mutation",
            dependencies: ["Mutator", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Sources/MutationCommand",
            swiftSettings: settings
        ),
        // What the scratch copy's sources ask; it gets a copy of it.
        .target(name: "MutationSwitch", swiftSettings: settings + [.strictMemorySafety()]),
        .testTarget(name: "MutatorTests", dependencies: ["MutationSwitch", "Mutator"], swiftSettings: settings),
    ]
)
