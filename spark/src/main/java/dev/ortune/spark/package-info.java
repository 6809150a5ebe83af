/**
 * Exported models over tables of Apache Spark: {@link dev.ortune.spark.OrtuneModel} is a transformer of spark.ml. All else is
 * internal.
 */
package dev.ortune.spark;
